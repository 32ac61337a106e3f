// JSONP polling: how browsers of old asked other origins. The answer is a script that hands the
// payload to a function; a POST is a form with the payload in the field "d". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// `j` of the query: 1 to 16 digits.
bool is_jsonp_index(std::string_view index);

/// `___eio[INDEX]("PAYLOAD");` with the payload as a JavaScript string, safe in a script: U+2028
/// and U+2029 are escaped, and so is "</".
std::string jsonp_answer(std::string_view index, std::string_view payload);

/// The payload of a form body "d=...": form-decoded (plus is a space), then a line break that old
/// clients spelled as backslash-n is one again and a doubled backslash before n a single one.
/// nullopt: no such field, or a bad escape.
std::optional<std::string> jsonp_payload(std::string_view form);

}  // namespace videochat::protocol
