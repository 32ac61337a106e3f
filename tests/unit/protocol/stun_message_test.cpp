// STUN: the vectors of RFC 5769, what gets an answer and which, and what gets none. The answers
// that are compared byte by byte were reckoned by another program (Python's zlib.crc32).
#include "protocol/stun_message.hpp"

#include <string>

#include "protocol/crc32.hpp"
#include "support/catch.hpp"
#include "support/stun_bytes.hpp"

using namespace videochat::protocol;
using namespace videochat::test;

namespace {

constexpr std::uint16_t kRequest = 0x0001;
constexpr Transaction kTransaction{0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34,
                                   0xD6, 0x86, 0xFA, 0x87, 0xDF, 0xAE};

// RFC 5769, 2.1 to 2.4.
const std::string kSampleRequest =
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"  // SOFTWARE
    "002400046e0001ff"                          // PRIORITY
    "80290008932ff9b151263b36"                  // ICE-CONTROLLED
    "000600096576746a3a68367659202020"          // USERNAME
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf";
const std::string kSampleIpv4 =
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96";
const std::string kSampleIpv6 =
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c";
const std::string kSampleLongTerm =
    "000100602112a44278ad3433c6ad72c029da412e"
    "00060012e3839ee38388e383aae38383e382afe382b90000"                  // USERNAME
    "0015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341"  // NONCE
    "0014000b6578616d706c652e6f726700"                                  // REALM
    "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666";                 // MESSAGE-INTEGRITY

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

StunRequest parsed(const Bytes& bytes) {
    const auto request = parse_stun_request(bytes);
    REQUIRE(request.has_value());
    return *request;
}

Bytes request(const std::vector<StunAttribute>& attributes = {}, bool fingerprint = false) {
    return stun_message(kRequest, kTransaction, attributes, fingerprint);
}

// As it goes over the network, with the headers of IP and UDP.
std::size_t packet(const Bytes& bytes, bool is_v4) { return bytes.size() + (is_v4 ? 28 : 48); }

}  // namespace

TEST_CASE("CRC-32: the check value of its standard") {
    const std::string_view digits = "123456789";
    CHECK(crc32(Bytes(digits.begin(), digits.end())) == 0xCBF43926);
    CHECK(crc32({}) == 0);
}

TEST_CASE("STUN: fingerprints are those of the RFC's vectors") {
    for (const auto& vector : {kSampleRequest, kSampleIpv4, kSampleIpv6}) {
        const Bytes bytes = from_hex(vector);
        const Bytes before(bytes.begin(), bytes.end() - 8);
        Bytes sum;
        append_number(sum, crc32(before) ^ 0x5354554EU, 4);
        CHECK(sum == Bytes(bytes.end() - 4, bytes.end()));
    }
}

TEST_CASE("STUN: the RFC's request of a call asks for more than a plain server knows") {
    const StunRequest sample = parsed(from_hex(kSampleRequest));
    CHECK(sample.transaction == kTransaction);
    CHECK(sample.has_fingerprint);
    CHECK(sample.unknown_attributes == std::vector<std::uint16_t>{0x0024});
    CHECK(stun_refusal(sample) == from_hex("011100182112a442b7e7a701bc34d686fa87dfae"
                                           "0009000400000414"
                                           "000a000200240000"
                                           "802800044aae3985"));
}

TEST_CASE("STUN: the RFC's request with credentials is answered without looking at them") {
    const StunRequest sample = parsed(from_hex(kSampleLongTerm));
    CHECK(sample.unknown_attributes.empty());
    CHECK_FALSE(sample.has_fingerprint);
    const auto answer = read_stun(stun_answer(sample, ip("192.0.2.1"), 32853));
    REQUIRE(answer.has_value());
    CHECK(answer->attributes.size() == 1);
}

TEST_CASE("STUN: the address is written as in the RFC's responses") {
    const StunRequest plain{.transaction = kTransaction, .unknown_attributes = {}};
    const StunRequest marked{
        .transaction = kTransaction, .has_fingerprint = true, .unknown_attributes = {}};
    const auto v4 = ip("192.0.2.1");
    const auto v6 = ip("2001:db8:1234:5678:11:2233:4455:6677");
    const std::string head = "2112a442b7e7a701bc34d686fa87dfae";
    CHECK(stun_answer(plain, v4, 32853) ==
          from_hex("0101000c" + head + kSampleIpv4.substr(72, 24)));
    CHECK(stun_answer(plain, v6, 32853) ==
          from_hex("01010018" + head + kSampleIpv6.substr(72, 48)));
    CHECK(stun_answer(marked, v4, 32853) ==
          from_hex("01010014" + head + kSampleIpv4.substr(72, 24) + "802800047d281f59"));
    CHECK(stun_answer(marked, v6, 32853) ==
          from_hex("01010020" + head + kSampleIpv6.substr(72, 48) + "8028000468d5c950"));
}

TEST_CASE("STUN: an IPv4 address that came mapped is told as IPv4") {
    const auto answer = read_stun(stun_answer(parsed(request()), ip("::ffff:192.0.2.1"), 5));
    REQUIRE(answer.has_value());
    const auto seen = seen_address(*answer);
    REQUIRE(seen.has_value());
    CHECK(seen->family == 1);
    CHECK(seen->address == ip("192.0.2.1"));
    CHECK(seen->port == 5);
}

TEST_CASE("STUN: a browser's request is 20 bytes and gets what its packet allows") {
    REQUIRE(request().size() == 20);
    CHECK(packet(request(), true) == 48);
    CHECK(packet(stun_answer(parsed(request()), ip("192.0.2.1"), 1), true) == 60);
    CHECK(packet(request(), false) == 68);
    CHECK(packet(stun_answer(parsed(request()), ip("2001:db8::1"), 1), false) == 92);
}

TEST_CASE("STUN: no answer is longer than one and a half of its request") {
    const bool fingerprint = GENERATE(false, true);
    const bool is_v4 = GENERATE(false, true);
    std::vector<StunAttribute> attributes;
    for (std::uint16_t count = 0; count < 40; ++count) {
        const Bytes bytes = request(attributes, fingerprint);
        const StunRequest asked = parsed(bytes);
        const Bytes answer = attributes.empty()
                                 ? stun_answer(asked, ip(is_v4 ? "192.0.2.1" : "::2"), 1)
                                 : stun_refusal(asked);
        INFO(count);
        CHECK(2 * packet(answer, is_v4) <= 3 * packet(bytes, is_v4));
        CHECK(answer.size() <= 72);
        attributes.push_back({static_cast<std::uint16_t>(0x4000 + count), {}});
    }
}

TEST_CASE("STUN: unknown attributes are listed once each, in their order, and no more than 16") {
    CHECK(
        parsed(request({{0x0003, {0, 0, 0, 6}}, {0x0025, {}}, {0x0003, {}}})).unknown_attributes ==
        std::vector<std::uint16_t>{0x0003, 0x0025});

    std::vector<StunAttribute> many;
    for (std::uint16_t i = 0; i < 100; ++i)
        many.push_back({static_cast<std::uint16_t>(0x7FFF - i), {}});
    const StunRequest asked = parsed(request(many));
    REQUIRE(asked.unknown_attributes.size() == 16);
    CHECK(asked.unknown_attributes.front() == 0x7FFF);
    CHECK(asked.unknown_attributes.back() == 0x7FF0);
    const auto refusal = read_stun(stun_refusal(asked));
    REQUIRE(refusal.has_value());
    CHECK(refusal->type == 0x0111);
    REQUIRE(refusal->find(0x0009) != nullptr);
    CHECK(*refusal->find(0x0009) == Bytes{0, 0, 4, 20});
    REQUIRE(refusal->find(0x000A) != nullptr);
    CHECK(refusal->find(0x000A)->size() == 32);
}

TEST_CASE("STUN: attributes that need not be understood, and those of the RFC, are passed over") {
    std::vector<StunAttribute> attributes;
    for (const int type : {0x8000, 0x8022, 0x8023, 0xFFFF, 0x0001, 0x0006, 0x0009, 0x000A, 0x0014,
                           0x0015, 0x001D, 0x001E, 0x0020}) {
        attributes.push_back({static_cast<std::uint16_t>(type), Bytes(3, 7)});
    }
    CHECK(parsed(request(attributes)).unknown_attributes.empty());
}

TEST_CASE("STUN: behind an integrity nothing counts but the fingerprint") {
    const auto type = GENERATE(as<std::uint16_t>{}, 0x0008, 0x001C);
    const StunRequest asked = parsed(request({{type, Bytes(20)}, {0x4000, {}}}, true));
    CHECK(asked.unknown_attributes.empty());
    CHECK(asked.has_fingerprint);
    CHECK(parsed(request({{0x4000, {}}, {type, Bytes(20)}})).unknown_attributes.size() == 1);
}

TEST_CASE("STUN: a fingerprint that is wrong, not the last or of another length is silence") {
    Bytes bytes = request({}, true);
    REQUIRE(parse_stun_request(bytes).has_value());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        Bytes damaged = bytes;
        damaged[i] ^= 1;
        INFO(i);
        const auto asked = parse_stun_request(damaged);
        if (i == 20 || i == 21) {  // its type: another attribute then, and no fingerprint
            CHECK_FALSE(asked.value().has_fingerprint);
        } else {
            CHECK_FALSE(asked.has_value());
        }
    }
    const StunAttribute right{0x8028, Bytes(bytes.end() - 4, bytes.end())};
    CHECK_FALSE(parse_stun_request(request({right, {0x8022, {}}})).has_value());
    CHECK_FALSE(parse_stun_request(request({right}, true)).has_value());
    CHECK_FALSE(parse_stun_request(request({{0x8028, {}}})).has_value());
    CHECK_FALSE(parse_stun_request(request({{0x8028, Bytes(8)}})).has_value());
}

TEST_CASE("STUN: whatever is not a binding request is silence") {
    // Indication, success and error of binding; Allocate; the two bits that STUN leaves to others.
    const auto type = GENERATE(as<std::uint16_t>{}, 0x0011, 0x0101, 0x0111, 0x0003, 0x0000, 0x0002,
                               0x0201, 0x4001, 0x8001, 0xC001);
    INFO(type);
    CHECK_FALSE(parse_stun_request(stun_message(type, kTransaction)).has_value());
    CHECK_FALSE(parse_stun_request(stun_message(type, kTransaction, {}, true)).has_value());
}

TEST_CASE("STUN: our own answers get none") {
    const StunRequest asked = parsed(request({{0x4000, {}}}, true));
    CHECK_FALSE(parse_stun_request(stun_answer(asked, ip("::1"), 1)).has_value());
    CHECK_FALSE(parse_stun_request(stun_refusal(asked)).has_value());
}

TEST_CASE("STUN: without the cookie or with a length that is not its own it is silence") {
    for (std::size_t i = 0; i < 8; ++i) {  // type, length and cookie
        Bytes damaged = request();
        damaged[i] ^= 4;
        INFO(i);
        CHECK_FALSE(parse_stun_request(damaged).has_value());
    }
    const Bytes whole = request({{0x0006, Bytes(8)}});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        CHECK_FALSE(parse_stun_request(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size)))
                        .has_value());
    }
    Bytes longer = whole;
    longer.resize(whole.size() + 4);
    CHECK_FALSE(parse_stun_request(longer).has_value());
    // The length is right, but not a multiple of four.
    Bytes odd = request();
    odd.resize(22);
    odd[3] = 2;
    CHECK_FALSE(parse_stun_request(odd).has_value());
}

TEST_CASE("STUN: an attribute that goes beyond the end is silence") {
    for (const int length : {5, 8, 255, 0xFFFF}) {
        Bytes bytes = request({{0x0006, Bytes(4)}});
        bytes[22] = static_cast<std::uint8_t>(length / 256);
        bytes[23] = static_cast<std::uint8_t>(length % 256);
        INFO(length);
        CHECK_FALSE(parse_stun_request(bytes).has_value());
    }
    // Four bytes are there, and so three with their padding are.
    Bytes shorter = request({{0x0006, Bytes(4)}});
    shorter[23] = 1;
    CHECK(parse_stun_request(shorter).has_value());
}
