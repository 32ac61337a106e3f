#include "protocol/stun_message.hpp"

#include <algorithm>
#include <utility>

#include "protocol/crc32.hpp"

namespace videochat::protocol {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint16_t kBindingRequest = 0x0001;
constexpr std::uint16_t kBindingSuccess = 0x0101;
constexpr std::uint16_t kBindingError = 0x0111;
constexpr std::uint32_t kMagicCookie = 0x2112A442;
constexpr std::uint32_t kFingerprintMask = 0x5354554E;  // "STUN"
constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kAttributeHeaderSize = 4;
constexpr std::size_t kFingerprintSize = kAttributeHeaderSize + 4;

constexpr std::uint16_t kMessageIntegrity = 0x0008;
constexpr std::uint16_t kErrorCode = 0x0009;
constexpr std::uint16_t kUnknownAttributes = 0x000A;
constexpr std::uint16_t kMessageIntegritySha256 = 0x001C;
constexpr std::uint16_t kXorMappedAddress = 0x0020;
constexpr std::uint16_t kFingerprint = 0x8028;
constexpr std::uint16_t kFirstOptional = 0x8000;

// All of RFC 8489, section 18.3, that must be understood. Credentials are understood and ignored: a
// basic server must not check them (section 12); what belongs into answers is unexpected in a
// request and ignored for that (section 6.3). PRIORITY and USE-CANDIDATE are ICE's (RFC 8445): they
// are for the other end of a call, and this is none. CHANGE-REQUEST of old is unknown as well,
// which is how its users find out (RFC 5780).
constexpr std::array<std::uint16_t, 11> kUnderstood{
    0x0001,  // MAPPED-ADDRESS
    0x0006,  // USERNAME
    kMessageIntegrity,
    kErrorCode,
    kUnknownAttributes,
    0x0014,  // REALM
    0x0015,  // NONCE
    kMessageIntegritySha256,
    0x001D,  // PASSWORD-ALGORITHM
    0x001E,  // USERHASH
    kXorMappedAddress,
};

std::uint16_t read16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

std::uint32_t read32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(read16(bytes, at)) << 16U | read16(bytes, at + 2);
}

// Whether the length field tells the datagram's, in whole words.
bool is_framed(Bytes datagram) {
    return datagram.size() >= kHeaderSize && datagram.size() % 4 == 0 &&
           read16(datagram, 2) == datagram.size() - kHeaderSize;
}

// The last attribute of the message, and a checksum of all that is before it.
bool is_right_fingerprint(Bytes datagram, std::size_t at) {
    return at + kFingerprintSize == datagram.size() && read16(datagram, at + 2) == 4 &&
           read32(datagram, at + kAttributeHeaderSize) ==
               (crc32(datagram.first(at)) ^ kFingerprintMask);
}

void note(StunRequest& request, std::uint16_t attribute) {
    auto& unknown = request.unknown_attributes;
    if (attribute < kFirstOptional && unknown.size() < StunRequest::kListedAttributes &&
        std::ranges::find(kUnderstood, attribute) == kUnderstood.end() &&
        std::ranges::find(unknown, attribute) == unknown.end()) {
        unknown.push_back(attribute);
    }
}

bool parse_attributes(Bytes datagram, StunRequest& request) {
    bool is_sealed = false;  // behind an integrity only the fingerprint counts (14.5, 14.6)
    std::size_t at = kHeaderSize;
    while (at < datagram.size()) {
        const std::uint16_t type = read16(datagram, at);
        const std::size_t length = read16(datagram, at + 2);
        if (length > datagram.size() - at - kAttributeHeaderSize) return false;
        if (type == kFingerprint) {
            if (!is_right_fingerprint(datagram, at)) return false;
            request.has_fingerprint = true;
        } else if (!is_sealed) {
            note(request, type);
            is_sealed = type == kMessageIntegrity || type == kMessageIntegritySha256;
        }
        at += kAttributeHeaderSize + (length + 3) / 4 * 4;
    }
    return true;
}

/// An answer as it grows; each attribute is written in whole words.
class Answer {
  public:
    Answer(std::uint16_t type, const StunRequest& request) {
        bytes_.reserve(kHeaderSize + kAttributeHeaderSize + 20 + kFingerprintSize);
        put16(type);
        put16(0);
        put32(kMagicCookie);
        bytes_.insert(bytes_.end(), request.transaction.begin(), request.transaction.end());
    }

    void put16(std::size_t value) {
        bytes_.push_back(static_cast<std::uint8_t>(value >> 8U & 0xFFU));
        bytes_.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    }
    void put32(std::uint32_t value) {
        put16(value >> 16U);
        put16(value & 0xFFFFU);
    }

    // The address, hidden from NATs that would rewrite it wherever they see it: XORed with what
    // stands in the header from the cookie on (14.2).
    void put_xor_address(const IpAddress& address, std::uint16_t port) {
        const std::size_t skipped = address.is_v4() ? 12 : 0;
        const Bytes plain = Bytes(address.bytes()).subspan(skipped);
        put16(kXorMappedAddress);
        put16(4 + plain.size());
        put16(address.is_v4() ? 1 : 2);
        put16(port ^ (kMagicCookie >> 16U));
        for (std::size_t i = 0; i < plain.size(); ++i) {
            bytes_.push_back(static_cast<std::uint8_t>(plain[i] ^ bytes_[4 + i]));
        }
    }

    std::vector<std::uint8_t> finish(bool with_fingerprint) {
        const std::size_t end = bytes_.size();
        // The checksum is made of a header that counts it (14.7).
        const std::size_t length = end - kHeaderSize + (with_fingerprint ? kFingerprintSize : 0);
        bytes_[2] = static_cast<std::uint8_t>(length >> 8U);
        bytes_[3] = static_cast<std::uint8_t>(length & 0xFFU);
        if (with_fingerprint) {
            const std::uint32_t sum = crc32(bytes_);
            put16(kFingerprint);
            put16(4);
            put32(sum ^ kFingerprintMask);
        }
        return std::move(bytes_);
    }

  private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace

std::optional<StunRequest> parse_stun_request(Bytes datagram) {
    if (!is_framed(datagram) || read16(datagram, 0) != kBindingRequest ||
        read32(datagram, 4) != kMagicCookie) {
        return std::nullopt;
    }
    StunRequest request;
    std::ranges::copy(datagram.subspan(8, request.transaction.size()), request.transaction.begin());
    if (!parse_attributes(datagram, request)) return std::nullopt;
    return request;
}

std::vector<std::uint8_t> stun_answer(const StunRequest& request, const IpAddress& address,
                                      std::uint16_t port) {
    Answer answer(kBindingSuccess, request);
    answer.put_xor_address(address, port);
    return answer.finish(request.has_fingerprint);
}

std::vector<std::uint8_t> stun_refusal(const StunRequest& request) {
    Answer answer(kBindingError, request);
    // Without the words that may stand here: with them the answer could be more than one and a half
    // times as long as the request, and the sender's address is not proven.
    answer.put16(kErrorCode);
    answer.put16(4);
    answer.put32(4U << 8U | 20U);
    const auto& unknown = request.unknown_attributes;
    answer.put16(kUnknownAttributes);
    answer.put16(2 * unknown.size());
    for (const std::uint16_t attribute : unknown)
        answer.put16(attribute);
    if (unknown.size() % 2 != 0) answer.put16(0);
    return answer.finish(request.has_fingerprint);
}

}  // namespace videochat::protocol
