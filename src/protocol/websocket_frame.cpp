#include "protocol/websocket_frame.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "protocol/utf8.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace videochat::protocol {
namespace {

// An assembly larger than this is given back after its message.
constexpr std::size_t kKeptAssembly = 16 * std::size_t{1024};

bool is_control(Opcode opcode) { return (static_cast<unsigned>(opcode) & 0x8U) != 0; }

bool is_known(Opcode opcode) {
    switch (opcode) {
        case Opcode::Continuation:
        case Opcode::Text:
        case Opcode::Binary:
        case Opcode::Close:
        case Opcode::Ping:
        case Opcode::Pong:
            return true;
    }
    return false;
}

std::uint64_t read_big_endian(std::span<const char> bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes)
        value = (value << 8U) | static_cast<unsigned char>(byte);
    return value;
}

void write_big_endian(char* to, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        to[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
    }
}

std::uint32_t rotate(std::uint32_t mask, std::size_t bytes) {
    const auto bits = static_cast<int>(8 * (bytes % 4));
    return std::endian::native == std::endian::little ? std::rotr(mask, bits)
                                                      : std::rotl(mask, bits);
}

// Section 7.4.2 and the registry: 1004 and 1005, 1006, 1015 must not be sent; 1016 to 2999 are
// not defined.
bool may_be_sent(unsigned code) {
    if (code >= 3000) return code <= 4999;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

struct FrameDecoder::Header {
    Opcode opcode = Opcode::Continuation;
    bool final = false;
    bool reserved_bits = false;
    bool masked = false;
    bool shortest = true;
    std::uint64_t length = 0;
    std::uint32_t mask = 0;
    std::size_t size = 0;  ///< of the header itself
};

std::uint32_t apply_mask(std::span<char> bytes, std::uint32_t mask) {
    const std::uint64_t wide = std::uint64_t{mask} | (std::uint64_t{mask} << 32U);
    char* p = bytes.data();
    std::size_t left = bytes.size();
#ifdef __SSE2__
    const __m128i widest = _mm_set1_epi64x(static_cast<long long>(wide));
    for (; left >= 16; left -= 16, p += 16) {
        auto* const block = reinterpret_cast<__m128i*>(p);
        _mm_storeu_si128(block, _mm_xor_si128(_mm_loadu_si128(block), widest));
    }
#endif
    for (; left >= 8; left -= 8, p += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, p, 8);
        word ^= wide;
        std::memcpy(p, &word, 8);
    }
    std::array<char, 4> mask_bytes{};
    std::memcpy(mask_bytes.data(), &mask, 4);
    for (std::size_t i = 0; i < left; ++i)
        p[i] = static_cast<char>(p[i] ^ mask_bytes[i % 4]);
    return rotate(mask, bytes.size());
}

// False: more bytes are needed. Two bytes tell whether the frame is to be refused, so a refusal
// does not wait for the rest of a header.
bool FrameDecoder::parse_header(std::span<const char> bytes, Header& header) const {
    if (bytes.size() < 2) return false;
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    header.final = (first & 0x80U) != 0;
    header.reserved_bits = (first & 0x70U) != 0;
    header.opcode = static_cast<Opcode>(first & 0x0FU);
    header.masked = (second & 0x80U) != 0;
    header.length = second & 0x7FU;
    header.size = 2;
    if (!header.masked || header.reserved_bits || !is_known(header.opcode)) return true;
    if (is_control(header.opcode) && header.length > kMaxControlPayload) return true;
    if (header.length >= 126) {
        const std::size_t extra = header.length == 126 ? 2 : 8;
        if (bytes.size() < 2 + extra) return false;
        header.size += extra;
        const std::uint64_t length = read_big_endian(bytes.subspan(2, extra));
        header.shortest = extra == 2 ? length >= 126 : length > 0xFFFF;
        header.length = length;
    }
    if (bytes.size() < header.size + 4) return false;
    std::memcpy(&header.mask, bytes.data() + header.size, 4);
    header.size += 4;
    return true;
}

CloseCode FrameDecoder::check(const Header& header, const MessageLimits& limits) const {
    if (header.reserved_bits || !header.masked || !is_known(header.opcode) || !header.shortest ||
        (header.length >> 63U) != 0) {
        return CloseCode::ProtocolError;
    }
    if (is_control(header.opcode)) {
        const bool whole = header.final && header.length <= kMaxControlPayload;
        return whole ? CloseCode::Normal : CloseCode::ProtocolError;
    }
    const bool continues = header.opcode == Opcode::Continuation;
    if (continues != in_message()) return CloseCode::ProtocolError;
    const std::size_t so_far = in_message() ? assembly_.size() : 0;
    if (limits.bytes != 0 && header.length > limits.bytes - std::min(so_far, limits.bytes)) {
        return CloseCode::MessageTooBig;
    }
    if (limits.frames != 0 && frames_ >= limits.frames) return CloseCode::PolicyViolation;
    return CloseCode::Normal;
}

Decoded FrameDecoder::next(std::span<char> bytes, const MessageLimits& limits) {
    if (delivered_) release_assembly();
    std::size_t used = 0;
    while (true) {
        const std::span<char> rest = bytes.subspan(used);
        Decoded step = remaining_ > 0 ? continue_payload(rest) : begin_frame(rest, limits);
        const bool stuck = step.consumed == 0;
        step.consumed = used += step.consumed;
        if (step.kind != Decoded::Kind::NeedMore || stuck) return step;
    }
}

Decoded FrameDecoder::begin_frame(std::span<char> bytes, const MessageLimits& limits) {
    Header header;
    if (!parse_header(bytes, header)) return {};
    const CloseCode verdict = check(header, limits);
    if (verdict != CloseCode::Normal) return {.kind = Decoded::Kind::Error, .error = verdict};
    const auto length = static_cast<std::size_t>(header.length);
    const std::span<char> rest = bytes.subspan(header.size);
    if (is_control(header.opcode)) {
        if (rest.size() < length) return {};  // at most 125 bytes: shown again when all are there
        apply_mask(rest.first(length), header.mask);
        return {.kind = Decoded::Kind::Control,
                .opcode = header.opcode,
                .consumed = header.size + length,
                .payload = rest.first(length)};
    }
    if (!in_message() && header.final && rest.size() >= length) {  // the everyday case
        apply_mask(rest.first(length), header.mask);
        return {.kind = Decoded::Kind::Message,
                .opcode = header.opcode,
                .consumed = header.size + length,
                .payload = rest.first(length)};
    }
    if (!in_message()) opcode_ = header.opcode;
    ++frames_;
    final_ = header.final;
    mask_ = header.mask;
    remaining_ = length;
    Decoded step = continue_payload(rest);
    step.consumed += header.size;
    return step;
}

Decoded FrameDecoder::continue_payload(std::span<char> bytes) {
    const std::span<char> arrived = bytes.first(std::min(bytes.size(), remaining_));
    mask_ = apply_mask(arrived, mask_);
    assembly_.append(arrived.data(), arrived.size());
    remaining_ -= arrived.size();
    Decoded step{.consumed = arrived.size()};
    if (remaining_ > 0 || !final_) return step;
    step.kind = Decoded::Kind::Message;
    step.opcode = opcode_;
    step.payload = assembly_;
    frames_ = 0;
    delivered_ = true;
    return step;
}

void FrameDecoder::release_assembly() {
    delivered_ = false;
    assembly_.clear();
    if (assembly_.capacity() > kKeptAssembly) assembly_.shrink_to_fit();
}

bool parse_close(std::span<const char> payload, ClosePayload& close, CloseCode& error) {
    if (payload.empty()) return true;
    error = CloseCode::ProtocolError;
    if (payload.size() < 2) return false;
    const auto code = static_cast<unsigned>(read_big_endian(payload.first(2)));
    if (!may_be_sent(code)) return false;
    close.code = static_cast<CloseCode>(code);
    close.reason = {payload.data() + 2, payload.size() - 2};
    error = CloseCode::InvalidData;
    return is_valid_utf8(close.reason);
}

std::size_t header_size(std::size_t payload) {
    return payload < 126 ? 2 : payload <= 0xFFFF ? 4 : kMaxServerHeader;
}

std::size_t write_header_before(char* end, Opcode opcode, std::size_t payload) {
    const std::size_t extra = header_size(payload) - 2;
    char* const begin = end - 2 - extra;
    begin[0] = static_cast<char>(0x80U | static_cast<unsigned>(opcode));
    begin[1] = static_cast<char>(extra == 0 ? payload : extra == 2 ? 126 : 127);
    write_big_endian(begin + 2, payload, extra);
    return 2 + extra;
}

core::Frame text_frame(const core::EncodedEvent& event) {
    const std::size_t header =
        write_header_before(event.headroom_end(), Opcode::Text, event.text().size());
    return event.with_header(header);
}

core::Frame data_frame(Opcode opcode, std::string_view payload) {
    const std::size_t header = header_size(payload.size());
    char* to = nullptr;
    core::Frame frame = core::Frame::of_size(header + payload.size(), to);
    write_header_before(to + header, opcode, payload.size());
    std::ranges::copy(payload, to + header);
    return frame;
}

core::Frame control_frame(Opcode opcode, std::string_view payload) {
    payload = payload.substr(0, kMaxControlPayload);
    std::array<char, 2 + kMaxControlPayload> bytes{};
    write_header_before(bytes.data() + 2, opcode, payload.size());
    std::ranges::copy(payload, bytes.begin() + 2);
    return core::Frame::copy_of({bytes.data(), 2 + payload.size()});
}

core::Frame close_frame(CloseCode code, std::string_view reason) {
    if (code == CloseCode::NoStatus) return control_frame(Opcode::Close, {});
    std::array<char, 2> bytes{};
    write_big_endian(bytes.data(), static_cast<std::uint16_t>(code), 2);
    std::string payload(bytes.data(), 2);
    payload += reason;
    return control_frame(Opcode::Close, payload);
}

}  // namespace videochat::protocol
