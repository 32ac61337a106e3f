// Placeholders: where the attachments of a binary event stand in its JSON,
// `{"_placeholder":true,"num":0}`. Pure; works on checked JSON text and rebuilds nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace videochat::protocol {

/// An argument whose placeholders are numbered from 0 in the order in which they stand, as every
/// Socket.IO encoder does.
struct NumberedArgument {
    std::string json;
    std::vector<std::size_t> order;  ///< order[i]: the number that the i-th placeholder had
};

/// `json` is checked JSON: one value, or empty (no argument). The objects that are placeholders
/// (`_placeholder` is true; of placeholders inside of each other the outermost counts) are replaced
/// by the canonical spelling with their new number; every other byte stays. An attachment that
/// stands twice is listed twice. nullopt: the number of one is not an integer below `attachments`,
/// or more than `max_placeholders` stand there.
std::optional<NumberedArgument> number_placeholders(std::string_view json, std::size_t attachments,
                                                    std::size_t max_placeholders);

/// `json` with canonical placeholders 0, 1, ... : each becomes
/// `{"_placeholder":true,"base64":"..."}`, what native clients get.
std::string inline_attachments(std::string_view json,
                               std::span<const std::string_view> attachments);

/// Appends JSON text with every character beyond ASCII as \uXXXX, two of them beyond U+FFFF.
void append_ascii_json(std::string& out, std::string_view json);

}  // namespace videochat::protocol
