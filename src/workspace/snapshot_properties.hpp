// What events told of a property, as a part of a snapshot: its dictionary in the order in which the
// values first come in the log, then the values by position. So equal columns give equal bytes,
// whatever has been forgotten in between.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "domain/properties.hpp"

namespace galena::workspace {

void write_column(ByteWriter& out, const domain::PropertyColumn& column);

// Of events up to the position. What cannot be makes the reader fail.
domain::PropertyColumnPtr read_column(ByteReader& in, std::uint32_t position_max);

}  // namespace galena::workspace
