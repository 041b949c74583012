#include <cstdio>

#include "tidy.hpp"

int main(int count, char** arguments) {
  using namespace galena::tidy;
  if (count != 2) {
    std::fputs("usage: tidy ROOT\n", stderr);
    return 2;
  }
  const Tree tree = read_tree(arguments[1]);
  const std::vector<Finding> findings = check(tree);
  for (const Finding& finding : findings) {
    std::printf("%s:%d: %s: %s\n", finding.path.c_str(), finding.line, finding.rule.c_str(),
                finding.advice.c_str());
  }
  std::printf("tidy: %zu findings (%zu rules, %zu files)\n", findings.size(), rules().size(),
              tree.files.size());
  return findings.empty() ? 0 : 1;
}
