// One signaling message on its way in (Event) and on its way out (EncodedEvent). Arguments are the
// sender's own JSON bytes: checked once by the protocol layer, never parsed into a tree.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "videochat/core/frame.hpp"

namespace videochat::core {

/// What a client sent: `["name", first, ...]`. Views live during the call that got the event.
struct Event {
    std::string_view name;   ///< decoded
    std::string_view first;  ///< JSON source of the first argument; empty: it was missing
    /// Raw bytes that belong to `first`, where `{"_placeholder":true,"num":N}` stands for the N-th.
    std::span<const Frame> attachments{};

    /// The first argument as it is relayed: a missing one becomes `null`.
    std::string_view argument() const { return first.empty() ? std::string_view("null") : first; }
};

/// How a peer's transport spells the text of an event.
enum class Dialect : std::size_t {
    Native,           ///< a WebSocket frame of the array itself
    WebSocket,        ///< Socket.IO: a WebSocket frame of "42" and the array
    Polling,          ///< "42" and the array, to be framed in a payload
    PollingAscii,     ///< the same, everything beyond ASCII escaped
    WebSocketOffset,  ///< as WebSocket, with the event's serial number as one more argument
    PollingOffset,    ///< as Polling, likewise
    kCount
};

/// How a WebSocket peer gets an attachment.
enum class AttachmentForm : std::size_t {
    Bare,    ///< Engine.IO 4: a binary frame
    Typed,   ///< Engine.IO 3: a binary frame that begins with the packet type
    Base64,  ///< Engine.IO 3 without binary: a text frame
    kCount
};

/// One outgoing event: its JSON array and its attachments, and at most one frame of each for each
/// dialect in use, made when the first peer of that dialect needs it. Lives on the room's loop.
class EncodedEvent {
  public:
    /// Writable bytes before the text, enough for a WebSocket frame header (RFC 6455 section 5.2).
    static constexpr std::size_t kHeadroom = 16;
    using Encoder = Frame (*)(const EncodedEvent&);
    using AttachmentEncoder = Frame (*)(std::string_view bytes);

    /// The text is the concatenation of `parts`. `attachments`: the N-th is what the placeholders
    /// in the text with that number stand for.
    EncodedEvent(std::initializer_list<std::string_view> parts,
                 std::span<const Frame> attachments = {});

    /// The JSON array, such as `["message","bye"]`.
    std::string_view text() const { return block_.view().substr(kHeadroom); }
    /// Raw bytes.
    std::span<const Frame> attachments() const { return attachments_; }

    /// A number that no other event of this loop has; later events have larger ones.
    std::uint64_t serial() const;

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
    /// The `index`-th attachment as a WebSocket frame.
    const Frame& attachment(std::size_t index, AttachmentForm form, AttachmentEncoder encode) const;

  private:
    using Forms = std::array<Frame, static_cast<std::size_t>(AttachmentForm::kCount)>;

    mutable std::uint64_t serial_ = 0;  ///< given when it is first asked for
    char* bytes_ = nullptr;
    Frame block_;  ///< headroom and text
    std::vector<Frame> attachments_;
    mutable std::array<Frame, static_cast<std::size_t>(Dialect::kCount)> frames_;
    mutable std::vector<Forms> attachment_frames_;  ///< empty until the first is asked for
};

}  // namespace videochat::core
