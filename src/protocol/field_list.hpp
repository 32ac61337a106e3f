// Lists in header fields (RFC 9110 section 5.6): elements between commas, parameters between
// semicolons, quoted strings, and the weights of section 12.4.2. Pure.
#pragma once

#include <string>
#include <string_view>

namespace videochat::protocol {

/// Takes what stands before the next `separator` off the front of `text`, the separator too, and
/// returns it without white space around it. A separator in a quoted string is none.
std::string_view take_element(std::string_view& text, char separator);

/// A quoted string's text; anything else as it is.
std::string unquote(std::string_view text);

/// Of ASCII letters.
bool is_same_ignoring_case(std::string_view a, std::string_view b);

inline constexpr int kFullWeight = 1000;

/// The weight among parameters such as "level=1;q=0.5", in thousandths; full without one. One that
/// is not written as a weight is 0.
int weight_of(std::string_view parameters);

}  // namespace videochat::protocol
