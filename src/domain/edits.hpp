// Records of a draft that are already replaced.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace galena::domain {

template <class Record>
struct Edit {
  std::uint32_t ordinal;
  std::shared_ptr<Record> record;
};

// Few edits in an input, so a search from the newest is fastest; rescoring edits each lead once.
// Null if there is none.
template <class Record>
const Edit<Record>* find_edit(const std::vector<Edit<Record>>& edits, std::uint32_t ordinal) {
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    if (edit->ordinal == ordinal) return &*edit;
  }
  return nullptr;
}

}  // namespace galena::domain
