#include "protocol/socketio_packet.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>
#include <vector>

#include "core/json_text.hpp"
#include "protocol/event_text.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/socketio_attachments.hpp"
#include "protocol/utf8.hpp"
#include "protocol/websocket_frame.hpp"

namespace videochat::protocol {
namespace {

constexpr std::size_t kMaxNamespace = 256;
constexpr std::size_t kMaxIdDigits = 19;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_binary(SocketIoPacketType type) {
    return type == SocketIoPacketType::BinaryEvent || type == SocketIoPacketType::BinaryAck;
}

std::string_view take_digits(std::string_view& rest) {
    const auto* const end = std::find_if_not(rest.begin(), rest.end(), is_digit);
    const std::string_view digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(digits.size());
    return digits;
}

// `<n>-`
bool take_attachments(std::string_view& rest, SocketIoPacket& packet, std::size_t max) {
    const std::string_view digits = take_digits(rest);
    if (!rest.starts_with('-')) return false;
    rest.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), packet.attachments);
    return error == std::errc{} && packet.attachments >= 1 && packet.attachments <= max;
}

// `/name,`; at the end of the packet without the comma.
bool take_namespace(std::string_view& rest, SocketIoPacket& packet) {
    if (!rest.starts_with('/')) return true;
    packet.nsp = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(packet.nsp.size() + 1, rest.size()));
    if (!is_valid_utf8(packet.nsp)) return false;
    if (packet.type == SocketIoPacketType::Connect) {
        const std::size_t query = std::min(packet.nsp.find('?'), packet.nsp.size());
        packet.nsp_query = packet.nsp.substr(query);
        packet.nsp = packet.nsp.substr(0, query);
    }
    return packet.nsp.size() <= kMaxNamespace;
}

// What the data of this type begins with; all but DISCONNECT may do without data.
bool fits_type(std::string_view data, SocketIoPacketType type) {
    const std::size_t begin = data.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return data.empty();
    const char first = data[begin];
    switch (type) {
        case SocketIoPacketType::Connect:
            return first == '{';
        case SocketIoPacketType::Disconnect:
            return false;
        case SocketIoPacketType::ConnectError:
            return first == '{' || first == '"';
        default:
            return first == '[';
    }
}

// An event's packet as it goes out: "42[...]" or "45<n>-[...]", perhaps with the offset as one more
// argument. The numbers are spelled here, the JSON is the event's own.
class EventPacket {
  public:
    EventPacket(const core::EncodedEvent& event, bool with_offset) : json_(event.text()) {
        if (const std::size_t attachments = event.attachments().size(); attachments > 0) {
            prefix_[1] = '5';
            prefix_size_ = number(prefix_, 2, attachments);
            prefix_[prefix_size_++] = '-';
        }
        if (!with_offset) return;
        json_.remove_suffix(1);
        suffix_size_ = number(suffix_, 2, event.serial());
        suffix_[suffix_size_++] = '"';
        suffix_[suffix_size_++] = ']';
    }
    std::size_t size() const { return prefix_size_ + json_.size() + suffix_size_; }
    void write(char* to) const {
        std::memcpy(to, prefix_.data(), prefix_size_);
        std::memcpy(to + prefix_size_, json_.data(), json_.size());
        std::memcpy(to + prefix_size_ + json_.size(), suffix_.data(), suffix_size_);
    }

  private:
    using Part = std::array<char, 2 + std::numeric_limits<std::uint64_t>::digits10 + 1 + 2>;

    static std::size_t number(Part& part, std::size_t at, std::uint64_t value) {
        char* const end = part.data() + part.size();
        return static_cast<std::size_t>(std::to_chars(part.data() + at, end, value).ptr -
                                        part.data());
    }

    std::string_view json_;
    Part prefix_{'4', '2'};
    Part suffix_{',', '"'};
    std::size_t prefix_size_ = 2;
    std::size_t suffix_size_ = 0;
};

core::Frame in_websocket_frame(const EventPacket& packet) {
    const std::size_t header = header_size(packet.size());
    char* to = nullptr;
    core::Frame frame = core::Frame::of_size(header + packet.size(), to);
    write_header_before(to + header, Opcode::Text, packet.size());
    packet.write(to + header);
    return frame;
}

core::Frame bare(const EventPacket& packet) {
    char* to = nullptr;
    core::Frame frame = core::Frame::of_size(packet.size(), to);
    packet.write(to);
    return frame;
}

// One member's value is of interest if it is a string; `literal` is its checked source.
std::string string_or_empty(std::string_view literal) {
    std::string decoded;
    if (literal.starts_with('"')) core::append_decoded(decoded, literal);
    return decoded;
}

std::string_view take_value(JsonScanner& scanner) {
    scanner.skip_space();
    const char* const begin = scanner.position();
    scanner.skip_value();
    const std::string_view value(begin, static_cast<std::size_t>(scanner.position() - begin));
    scanner.skip_space();
    return value;
}

}  // namespace

std::optional<SocketIoPacket> parse_socketio_packet(std::string_view text,
                                                    std::size_t max_attachments) {
    if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
    SocketIoPacket packet;
    packet.type = SocketIoPacketType{text.front()};
    text.remove_prefix(1);
    if (is_binary(packet.type) && !take_attachments(text, packet, max_attachments)) {
        return std::nullopt;
    }
    if (!take_namespace(text, packet)) return std::nullopt;
    packet.ack_id = take_digits(text);
    packet.data = text;
    if (packet.ack_id.size() > kMaxIdDigits || !fits_type(packet.data, packet.type))
        return std::nullopt;
    return packet;
}

bool is_reserved_event(std::string_view name) {
    constexpr std::array<std::string_view, 6> kReserved = {
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
    return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::optional<ConnectData> parse_connect_data(std::string_view json, std::size_t depth) {
    ConnectData data;
    if (json.empty()) return data;
    if (!is_json(json, depth)) return std::nullopt;
    JsonScanner scanner(json, depth);
    scanner.skip_space();
    if (!scanner.take('{')) return std::nullopt;
    scanner.skip_space();
    while (!scanner.take('}')) {
        const std::string key = string_or_empty(take_value(scanner));
        scanner.take(':');
        const std::string_view value = take_value(scanner);
        if (key == "pid") data.pid = string_or_empty(value);
        if (key == "offset") data.offset = string_or_empty(value);
        scanner.take(',');
    }
    return data;
}

std::string connect_packet(std::string_view sid, std::string_view pid) {
    std::string packet = "40";
    if (sid.empty()) return packet;
    packet += R"({"sid":)";
    core::append_json_string(packet, sid);
    if (!pid.empty()) {
        packet += R"(,"pid":)";
        core::append_json_string(packet, pid);
    }
    packet += '}';
    return packet;
}

std::string connect_error_packet(std::string_view nsp, std::string_view message, bool protocol_5) {
    std::string packet = "44";
    if (nsp != "/") {
        packet += nsp;
        packet += ',';
    }
    if (protocol_5) packet += R"({"message":)";
    core::append_json_string(packet, message);
    if (protocol_5) packet += '}';
    return packet;
}

core::Frame websocket_event(const core::EncodedEvent& event) {
    return in_websocket_frame(EventPacket(event, false));
}

core::Frame polling_event(const core::EncodedEvent& event) {
    return bare(EventPacket(event, false));
}

core::Frame polling_event_ascii(const core::EncodedEvent& event) {
    const core::Frame packet = polling_event(event);
    std::string ascii;
    append_ascii_json(ascii, packet.view());
    return core::Frame::copy_of(ascii);
}

core::Frame websocket_event_with_offset(const core::EncodedEvent& event) {
    return in_websocket_frame(EventPacket(event, true));
}

core::Frame polling_event_with_offset(const core::EncodedEvent& event) {
    return bare(EventPacket(event, true));
}

core::Frame native_event(const core::EncodedEvent& event) {
    if (event.attachments().empty()) return text_frame(event);
    std::vector<std::string_view> attachments;
    attachments.reserve(event.attachments().size());
    for (const core::Frame& attachment : event.attachments())
        attachments.push_back(attachment.view());
    return data_frame(Opcode::Text, inline_attachments(event.text(), attachments));
}

}  // namespace videochat::protocol
