// WebSocket framing, the server's side of RFC 6455 section 5: an incremental decoder of what
// clients send, and the encoder of what we send. Pure: no clock, no socket. No extensions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "videochat/core/event.hpp"
#include "videochat/core/frame.hpp"

namespace videochat::protocol {

/// RFC 6455 section 5.2.
enum class Opcode : std::uint8_t {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA
};

/// RFC 6455 section 7.4.1 and its registry.
enum class CloseCode : std::uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    UnsupportedData = 1003,
    NoStatus = 1005,  ///< a close frame without a code; never sent
    InvalidData = 1007,
    PolicyViolation = 1008,
    MessageTooBig = 1009,
    InternalError = 1011,
    TryAgainLater = 1013
};

inline constexpr std::size_t kMaxControlPayload = 125;
inline constexpr std::size_t kMaxServerHeader = 10;

/// 0: no limit.
struct MessageLimits {
    std::size_t bytes = 0;   ///< payload of a message; refused when a header declares more
    std::size_t frames = 0;  ///< frames of a message
};

/// One step of decoding.
struct Decoded {
    enum class Kind : std::uint8_t {
        NeedMore,  ///< what was not consumed (a begun header) must be shown again with more
        Message,   ///< Text or Binary, complete
        Control,   ///< Close, Ping or Pong
        Error      ///< close with `error`; nothing may be decoded after it
    };
    Kind kind = Kind::NeedMore;
    Opcode opcode = Opcode::Continuation;
    CloseCode error = CloseCode::Normal;
    std::size_t consumed = 0;  ///< bytes that are done with
    std::span<const char>
        payload{};  ///< unmasked; valid until the next step, or until the bytes go
};

/// Of one connection, on its loop. A message that arrives whole is unmasked where it lies and never
/// copied; only the begun part of an unfinished one is kept here.
class FrameDecoder {
  public:
    /// The next step over `bytes`, which are changed in place. Call again with the rest until
    /// NeedMore comes. Text is not checked for UTF-8: its reader does that with everything else.
    Decoded next(std::span<char> bytes, const MessageLimits& limits);

    /// True between the first byte of a message and its last (control frames do not count).
    bool in_message() const { return frames_ > 0; }

  private:
    struct Header;
    bool parse_header(std::span<const char> bytes, Header& header) const;
    CloseCode check(const Header& header, const MessageLimits& limits) const;
    Decoded begin_frame(std::span<char> bytes, const MessageLimits& limits);
    Decoded continue_payload(std::span<char> bytes);
    void release_assembly();

    std::string assembly_;       ///< payload of an unfinished message, as far as it has arrived
    std::size_t remaining_ = 0;  ///< payload bytes of the present frame that are still to come
    std::uint32_t frames_ = 0;   ///< of the present message; 0 between messages
    std::uint32_t mask_ = 0;     ///< rotated so that its first byte is the next to be used
    Opcode opcode_ = Opcode::Continuation;  ///< of the present message
    bool final_ = false;                    ///< the present frame is the message's last
    bool delivered_ = false;                ///< the assembly was handed out and can go
};

/// The code and reason of a close frame's payload.
struct ClosePayload {
    CloseCode code = CloseCode::NoStatus;
    std::string_view reason;
};
/// False: the payload breaks section 5.5.1 or 7.4; answer with `error`.
bool parse_close(std::span<const char> payload, ClosePayload& close, CloseCode& error);

/// Bytes of the header of a frame that we send.
std::size_t header_size(std::size_t payload);

/// Writes the header of a final frame so that it ends at `end` (kMaxServerHeader bytes are free
/// before it) and returns its length.
std::size_t write_header_before(char* end, Opcode opcode, std::size_t payload);

/// A text frame around the event's text, in the event's own memory.
core::Frame text_frame(const core::EncodedEvent& event);

/// A final frame around a copy of `payload`.
core::Frame data_frame(Opcode opcode, std::string_view payload);

/// A control frame; the payload is cut at kMaxControlPayload.
core::Frame control_frame(Opcode opcode, std::string_view payload);
core::Frame close_frame(CloseCode code, std::string_view reason);

/// XORs `bytes` with the mask (its bytes in wire order in memory) and returns the mask rotated for
/// the byte that follows.
std::uint32_t apply_mask(std::span<char> bytes, std::uint32_t mask);

}  // namespace videochat::protocol
