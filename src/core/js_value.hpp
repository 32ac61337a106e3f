// What JavaScript makes of a JSON value: the old server used the argument of `create or join` as a
// text and as a Map key, and both show on the wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace videochat::core {

/// `String(value)` (ECMAScript 7.1.17) of checked JSON source; empty source is `undefined`.
/// Text as json_text.hpp describes it.
std::string js_string(std::string_view json);

/// A key that is equal exactly if two values are the same Map key (SameValueZero): "7" and 7 are
/// two. Empty for arrays and objects: each of them is a key of its own.
std::optional<std::string> js_map_key(std::string_view json);

}  // namespace videochat::core
