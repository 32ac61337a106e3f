// FlatObject: a JSON object of a few members whose values are strings, such as {"to":"..."}: how
// events of calls are addressed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace videochat::core {

/// The members of `json`, checked JSON, in their order; keys and values decoded. nullopt: not an
/// object, a value that is not a string, a key that stands twice, or more than `max_members`.
std::optional<std::vector<std::pair<std::string, std::string>>> flat_object(
    std::string_view json, std::size_t max_members);

/// The decoded string that `json`, checked JSON, is; nullopt: it is something else.
std::optional<std::string> string_value(std::string_view json);

}  // namespace videochat::core
