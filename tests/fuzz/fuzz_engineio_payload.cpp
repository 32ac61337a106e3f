// protocol/engineio_payload: in every framing the parser tells the same as a slow reference, and
// what it tells survives being framed again. On the way, protocol/double_utf8: peeling undoes a
// second encoding, and nothing else. The first byte chooses the framing and the most packets.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/property.hpp"
#include "fuzz/slow_payload_parser.hpp"
#include "protocol/double_utf8.hpp"
#include "protocol/engineio_payload.hpp"
#include "protocol/utf8.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

constexpr PayloadFraming kFramings[] = {PayloadFraming::Text4, PayloadFraming::Text3,
                                        PayloadFraming::Binary3};

SlowPackets expected_packets(const std::string& body, PayloadFraming framing) {
    if (framing == PayloadFraming::Text4) return slow_text4(body);
    return framing == PayloadFraming::Text3 ? slow_text3(body) : slow_binary3(body);
}

std::vector<SlowPacket> told(const PayloadParser& parser) {
    std::vector<SlowPacket> packets;
    for (const EngineIoPacket& packet : parser.packets())
        packets.push_back(
            {static_cast<char>(packet.type), packet.is_binary, std::string(packet.data)});
    return packets;
}

bool can_carry(const std::vector<SlowPacket>& packets, PayloadFraming framing) {
    return std::all_of(packets.begin(), packets.end(), [framing](const SlowPacket& packet) {
        if (packet.is_binary) return true;
        if (framing != PayloadFraming::Text4) return is_valid_utf8(packet.data);
        return packet.data.find('\x1e') == std::string::npos;
    });
}

void check_round_trip(const std::vector<SlowPacket>& packets, PayloadFraming framing) {
    std::vector<std::string> spelled;
    for (const SlowPacket& packet : packets)
        spelled.push_back(packet.is_binary ? packet.data : packet.type + packet.data);
    std::vector<OutgoingPacket> outgoing;
    for (std::size_t i = 0; i < packets.size(); ++i)
        outgoing.push_back({spelled[i], packets[i].is_binary});
    const std::string body = encode_payload(outgoing, framing);
    PayloadParser parser;
    require(parser.parse(body, framing, packets.size()), "what was framed can be read");
    require(told(parser) == packets, "and is the same");
}

std::string encode_each_byte(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) out += byte >= 0xC0 ? '\xc3' : '\xc2';
        out += static_cast<char>(byte >= 0xC0 ? byte - 0x40 : byte);
    }
    return out;
}

void check_peeling(const std::string& text) {
    const bool is_ascii = std::all_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<signed char>(c) >= 0; });
    Utf8Layers layers = Utf8Layers::Unknown;
    const auto peeled = peel_utf8(encode_each_byte(text), layers);
    if (is_ascii) {
        require(!peeled && layers == Utf8Layers::Unknown, "ASCII says nothing");
    } else if (is_valid_utf8(text)) {
        require(peeled == text && layers == Utf8Layers::Two, "a second encoding is undone");
    } else {
        require(peeled.has_value() == (layers == Utf8Layers::Two), "what is peeled is learned");
        require(!peeled || is_valid_utf8(*peeled), "what is peeled is UTF-8");
    }
    if (is_ascii || !is_valid_utf8(text)) return;
    layers = Utf8Layers::Unknown;
    const auto inner = peel_utf8(text, layers);
    if (!inner || inner->find("\xef\xbf\xbd") != std::string::npos) return;
    require(encode_each_byte(*inner) == text, "only a second encoding is undone");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const PayloadFraming framing = kFramings[data[0] % 3];
    const std::size_t most = data[0] / 3 % 16;
    const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);

    static PayloadParser parser;  // the same for all inputs: nothing of one may show in the next
    const auto expected = expected_packets(body, framing);
    const bool is_accepted = parser.parse(body, framing, most);
    require(is_accepted == (expected && expected->size() <= most), "the reference agrees");
    require(is_accepted || parser.packets().empty(), "nothing of a malformed body is told");
    if (is_accepted) {
        require(told(parser) == *expected, "the reference reads the same packets");
        for (const PayloadFraming other : kFramings)
            if (can_carry(*expected, other)) check_round_trip(*expected, other);
    }
    check_peeling(body);
    return 0;
}
