// One signaling message on its way in (Event) and on its way out (EncodedEvent). Arguments are the
// sender's own JSON bytes: checked once by the protocol layer, never parsed into a tree.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "videochat/core/frame.hpp"

namespace videochat::core {

/// What a client sent: `["name", first, ...]`. Views live during the call that got the event.
struct Event {
    std::string_view name;   ///< decoded
    std::string_view first;  ///< JSON source of the first argument; empty: it was missing

    /// The first argument as it is relayed: a missing one becomes `null`.
    std::string_view argument() const { return first.empty() ? std::string_view("null") : first; }
};

/// How a peer's transport spells an event.
enum class Dialect : std::size_t { Native, kCount };

/// One outgoing event: its JSON array, and at most one frame for each dialect in use, made when the
/// first peer of that dialect needs it. Lives on the room's loop; its frames may travel.
class EncodedEvent {
  public:
    /// Writable bytes before the text, enough for a WebSocket frame header (RFC 6455 section 5.2).
    static constexpr std::size_t kHeadroom = 16;
    using Encoder = Frame (*)(const EncodedEvent&);

    /// The text is the concatenation of `parts`.
    EncodedEvent(std::initializer_list<std::string_view> parts);

    /// The JSON array, such as `["message","bye"]`.
    std::string_view text() const { return block_.view().substr(kHeadroom); }
    /// For encoders: the end of the headroom, which only Dialect::Native may write to.
    char* headroom_end() const { return bytes_ + kHeadroom; }
    /// The text and the last `header` bytes of the headroom, in the event's own memory.
    Frame with_header(std::size_t header) const {
        return block_.part(kHeadroom - header, block_.size() - kHeadroom + header);
    }

    const Frame& frame(Dialect dialect, Encoder encode) const {
        Frame& made = frames_[static_cast<std::size_t>(dialect)];
        if (made.empty()) made = encode(*this);
        return made;
    }

  private:
    char* bytes_ = nullptr;
    Frame block_;  ///< headroom and text
    mutable std::array<Frame, static_cast<std::size_t>(Dialect::kCount)> frames_;
};

}  // namespace videochat::core
