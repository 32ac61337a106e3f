// protocol/stun_message: what is taken is a binding request and can be written and read again; its
// answer is well-formed, for it alone, never too long, and itself no request.
#include <algorithm>
#include <array>

#include "fuzz/property.hpp"
#include "protocol/stun_message.hpp"
#include "support/stun_bytes.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;
using namespace videochat::test;

namespace {

constexpr std::size_t kPacketHead = 28;  // IPv4 and UDP; with IPv6 it is more on both sides

StunReading check_answer(const StunRequest& request, std::span<const std::uint8_t> asked,
                         const Bytes& answer, std::uint16_t type) {
    require(2 * (kPacketHead + answer.size()) <= 3 * (kPacketHead + asked.size()),
            "an answer is at most one and a half of its request");
    require(answer.size() % 4 == 0, "an answer is of whole words");
    require(!parse_stun_request(answer).has_value(), "an answer is no request");
    const auto reading = read_stun(answer);
    require(reading.has_value(), "an answer is well-formed");
    require(reading->type == type, "an answer has its type");
    require(reading->transaction == request.transaction, "an answer is for its request");
    const Bytes* const mark = reading->find(0x8028);
    require((mark != nullptr) == request.has_fingerprint, "one is marked as the other");
    if (mark != nullptr) {
        Bytes sum;
        append_number(sum, fingerprint_of(std::span(answer).first(answer.size() - 8)), 4);
        require(*mark == sum, "a fingerprint is right");
    }
    return *reading;
}

void check_success(const StunRequest& request, std::span<const std::uint8_t> asked) {
    // The transaction is as good as any other source of an address.
    const std::span<const std::uint8_t, 12> random(request.transaction);
    const IpAddress address = IpAddress::from_v4(random.first<4>());
    const auto port = static_cast<std::uint16_t>(random[4] << 8U | random[5]);
    const Bytes answer = stun_answer(request, address, port);
    const auto seen = seen_address(check_answer(request, asked, answer, 0x0101));
    require(seen && seen->address == address && seen->port == port, "the address is told");
    require(seen->family == 1, "the address has its family");

    std::array<std::uint8_t, 16> bytes{};
    std::ranges::copy(random, bytes.begin());
    const IpAddress v6 = IpAddress::from_v6(bytes);
    const auto other = read_stun(stun_answer(request, v6, port));
    require(other.has_value(), "an answer over IPv6 is well-formed");
    require(seen_address(*other)->address == v6, "an IPv6 address is told");
}

void check_refusal(const StunRequest& request, std::span<const std::uint8_t> asked) {
    const StunReading reading = check_answer(request, asked, stun_refusal(request), 0x0111);
    Bytes listed;
    for (const std::uint16_t type : request.unknown_attributes) {
        require(type < 0x8000, "what may be passed over is not refused");
        append_number(listed, type, 2);
    }
    require(reading.find(0x000A) != nullptr && *reading.find(0x000A) == listed, "they are listed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t length) {
    const std::span<const std::uint8_t> asked(data, length);
    const auto request = parse_stun_request(asked);
    if (!request) return 0;
    const auto reading = read_stun(asked);
    require(reading.has_value() && reading->type == 0x0001, "what is taken is a binding request");
    require(reading->transaction == request->transaction, "the transaction is read");

    std::vector<StunAttribute> attributes = reading->attributes;
    if (request->has_fingerprint) {
        require(!attributes.empty() && attributes.back().type == 0x8028, "a fingerprint is last");
        attributes.pop_back();
    }
    const Bytes again =
        stun_message(0x0001, reading->transaction, attributes, request->has_fingerprint);
    const auto second = parse_stun_request(again);
    require(second.has_value(), "what was read can be written and read again");
    require(second->has_fingerprint == request->has_fingerprint &&
                second->unknown_attributes == request->unknown_attributes,
            "it is still the same");

    require(request->unknown_attributes.size() <= StunRequest::kListedAttributes, "few are listed");
    request->unknown_attributes.empty() ? check_success(*request, asked)
                                        : check_refusal(*request, asked);
    return 0;
}
