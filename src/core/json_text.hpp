// JSON strings, out of and into their source text, for the texts that the domain makes itself.
// Decoded text is UTF-8 in which a lone surrogate (JSON allows its escape) is kept as the three
// bytes that UTF-8 would forbid; encoding turns it back into the escape, so it never gets out raw.
#pragma once

#include <string>
#include <string_view>

namespace videochat::core {

/// Appends the decoded `literal`, a checked JSON string with its quotes.
void append_decoded(std::string& out, std::string_view literal);

/// Appends `text` as a JSON string with its quotes, escaped as JSON.stringify does.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);

}  // namespace videochat::core
