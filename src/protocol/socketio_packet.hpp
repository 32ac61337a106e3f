// Socket.IO packets, protocols 4 (over Engine.IO 3) and 5 (over Engine.IO 4): the data of Engine.IO
// messages. Pure. `<type>[<n>-][<namespace>,][<ack id>][<JSON>]`; attachments follow as binary
// messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "videochat/core/event.hpp"
#include "videochat/core/frame.hpp"

namespace videochat::protocol {

enum class SocketIoPacketType : char {
    Connect = '0',
    Disconnect = '1',
    Event = '2',
    Ack = '3',
    ConnectError = '4',  ///< ERROR in protocol 4
    BinaryEvent = '5',
    BinaryAck = '6'
};

/// A packet that a client sent; views into its text.
struct SocketIoPacket {
    SocketIoPacketType type = SocketIoPacketType::Event;
    std::size_t attachments = 0;  ///< of the binary types: at least 1
    std::string_view nsp = "/";   ///< begins with "/"; of a CONNECT without the query
    /// Of a CONNECT: "?a=b" of "/foo?a=b", right behind nsp in the text. Protocol 5 knows no query:
    /// there the namespace is called "/foo?a=b".
    std::string_view nsp_query;
    std::string_view ack_id;  ///< digits; empty: none is asked for
    /// JSON of which no more was checked than that it begins as its type demands: events and acks
    /// with "[", CONNECT with "{", CONNECT_ERROR with either "{" or a quote. Or empty, as the
    /// official decoders allow for every type; DISCONNECT has none.
    std::string_view data;
};

/// nullopt: malformed (unknown type, no or too many attachments, a namespace that is not UTF-8 or
/// longer than 256 bytes, non-digits where the number of attachments or an ack id is due, an ack id
/// of more than 19 digits, data of another kind than the type has).
std::optional<SocketIoPacket> parse_socketio_packet(std::string_view text,
                                                    std::size_t max_attachments);

/// Names that a client must not send as events: "connect", "disconnect", "newListener", ...
bool is_reserved_event(std::string_view name);

/// The JSON of a CONNECT packet's data, as far as it matters for recovery. Members that are missing
/// or no strings are empty; of equal keys the last counts.
struct ConnectData {
    std::string pid;
    std::string offset;
};
/// nullopt: neither empty nor a JSON object (protocol 5 wants one), or deeper than `depth`.
std::optional<ConnectData> parse_connect_data(std::string_view json, std::size_t depth);

// Engine.IO message packets ("4" included) that the server sends.

/// `40`, `40{"sid":"..."}` or `40{"sid":"...","pid":"..."}`.
std::string connect_packet(std::string_view sid, std::string_view pid);
/// Protocol 5: `44/foo,{"message":"..."}`; protocol 4: `44/foo,"..."`.
std::string connect_error_packet(std::string_view nsp, std::string_view message, bool protocol_5);
/// `41`.
inline constexpr std::string_view kDisconnectPacket = "41";

// Encoders for core::EncodedEvent. The attachments of a binary event follow as frames of their own;
// only its text is made here.

/// Engine.IO and Socket.IO prefix and the event's JSON, "42[...]" or "45<n>-[...]", in a WebSocket
/// text frame.
core::Frame websocket_event(const core::EncodedEvent& event);
/// The same without the WebSocket header, for payloads.
core::Frame polling_event(const core::EncodedEvent& event);
/// The same in ASCII: everything beyond is escaped as \uXXXX (UTF-16), so that lengths are equal in
/// every unit and 1.x clients read it right.
core::Frame polling_event_ascii(const core::EncodedEvent& event);
/// As websocket_event and polling_event, with the event's serial as one more argument, a string:
/// the offset of connection state recovery.
core::Frame websocket_event_with_offset(const core::EncodedEvent& event);
core::Frame polling_event_with_offset(const core::EncodedEvent& event);
/// For `/socket`: a WebSocket text frame of the array, attachments inside as base64.
core::Frame native_event(const core::EncodedEvent& event);

}  // namespace videochat::protocol
