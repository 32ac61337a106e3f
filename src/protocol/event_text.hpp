// The text of one event, `["name", ...args]`: checked once (RFC 8259 syntax, UTF-8, depth), never
// rebuilt. Argument bytes are forwarded as they came, so key order, big numbers, escapes and
// duplicate keys survive.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace videochat::protocol {

enum class EventTextError {
    None,
    InvalidJson,  ///< not JSON, or not UTF-8
    TooDeep,      ///< JSON nested past the limit
    NotAnEvent,   ///< JSON of another shape: no array, or no name first
    NameTooLong,
};

struct EventTextLimits {
    std::size_t depth = 64;  ///< the event's own array counts; at most kMaxDepth
    std::size_t name = 64;   ///< bytes of UTF-8, decoded
    /// What its decoders let pass besides: an empty name, and a number as name.
    bool socket_io = false;
};

inline constexpr std::size_t kMaxDepth = 1024;

/// Views point into the parsed text, or into `decoded_name` of this object.
class EventText {
  public:
    /// Parses `text`. The result's views are valid while both `text` and this object live.
    /// `arguments`, if given, gets the source of all arguments, but no more than kMaxArguments.
    EventTextError parse(std::string_view text, const EventTextLimits& limits,
                         std::vector<std::string_view>* arguments = nullptr);

    static constexpr std::size_t kMaxArguments = 8;

    /// Decoded (as its source if it is a number or holds a lone surrogate escape, which UTF-8
    /// cannot express: no event of ours is called so).
    std::string_view name() const { return name_; }
    /// Source text of the first argument; empty if there is none.
    std::string_view first() const { return first_; }

  private:
    std::string_view name_;
    std::string_view first_;
    std::string decoded_name_;
};

/// True if `text` is one JSON value (RFC 8259) in UTF-8, at most `depth` deep.
bool is_json(std::string_view text, std::size_t depth);

}  // namespace videochat::protocol
