// Where functions begin and end, without a compiler.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace galena::tidy {

struct Function {
  std::string name;
  int first_line = 0;  // of the signature
  int last_line = 0;   // of the closing brace
};

// The functions of a C++ file, those of classes and lambdas outside of functions included. What is
// inside of a function (lambdas, local classes) belongs to it.
std::vector<Function> functions_of(std::string_view text);

}  // namespace galena::tidy
