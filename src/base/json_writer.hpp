// Writes a JSON object as text, member by member. Faster than building values first, where there
// are a million to write.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace galena {

class JsonWriter {
 public:
  JsonWriter() : out_("{") {}

  // Keys are the caller's to keep apart; texts are UTF-8.
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::int64_t value);
  void number(std::string_view key, double value);  // finite
  void truth(std::string_view key, bool value);

  // Begins an object within; end() ends it, and takes it back if nothing was written into it.
  void begin(std::string_view key);
  void end();

  // The whole, ended.
  std::string take();

 private:
  void member(std::string_view key);
  void quoted(std::string_view text);

  struct Open {
    std::size_t before;   // size of the text before the member began
    std::size_t content;  // and behind its "{"
  };

  std::string out_;
  std::vector<Open> open_;
};

}  // namespace galena
