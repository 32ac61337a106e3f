#include "http/chunked_body.hpp"

#include <algorithm>

namespace videochat::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// What may stand in an extension or a trailer.
bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7F'); }

// More digits could overflow, and no body is so long.
constexpr std::size_t kMaxSizeDigits = 15;

}  // namespace

ChunkedBody::Step ChunkedBody::next(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !ended_) {
        if (state_ == State::Data) {
            const auto length =
                static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size() - used));
            size_ -= length;
            if (size_ == 0) state_ = State::DataEnd;
            return {Status::NeedMore, used + length, bytes.substr(used, length)};
        }
        if (!take(bytes[used])) {
            state_ = State::Failed;
            return {Status::Error, used, {}};
        }
        ++used;
    }
    return {ended_ ? Status::Done : Status::NeedMore, used, {}};
}

// One byte of what frames the data.
bool ChunkedBody::take(char c) {
    switch (state_) {
        case State::Size:
            return take_size(c);
        case State::Extension:
            if (c == '\r') {
                state_ = State::SizeEnd;
                return true;
            }
            return is_text(c) && ++line_ <= kMaxExtension && ++extensions_ <= kMaxExtensions;
        case State::SizeEnd:
            line_ = 0;
            state_ = size_ == 0 ? State::Trailer : State::Data;
            return c == '\n';
        case State::DataEnd:
            state_ = State::DataLineEnd;
            return c == '\r';
        case State::DataLineEnd:
            state_ = State::Size;
            return c == '\n';
        case State::Trailer:
        case State::TrailerEnd:
            return take_trailer(c);
        case State::Data:
        case State::Failed:
            return false;
    }
    return false;
}

bool ChunkedBody::take_size(char c) {
    const int digit = hex_value(c);
    if (digit >= 0) {
        size_ = size_ * 16 + static_cast<unsigned>(digit);
        return ++line_ <= kMaxSizeDigits;
    }
    if (line_ == 0) return false;
    line_ = 0;
    state_ = c == '\r' ? State::SizeEnd : State::Extension;
    return c == '\r' || c == ';';
}

// Fields are skipped, whatever they say; an empty line ends the body.
bool ChunkedBody::take_trailer(char c) {
    if (++trailers_ > kMaxTrailers) return false;
    if (state_ == State::TrailerEnd) {
        if (c != '\n') return false;
        ended_ = line_ == 0;
        line_ = 0;
        state_ = State::Trailer;
        return true;
    }
    if (c == '\r') {
        state_ = State::TrailerEnd;
        return true;
    }
    return is_text(c) && ++line_ <= kMaxTrailer;
}

}  // namespace videochat::http
