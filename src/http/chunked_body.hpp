// ChunkedBody: takes the chunked transfer coding off a request body (RFC 9112 section 7.1), piece
// by piece as it arrives. Strict: what a proxy could read in another way is an error. Keeps no
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace videochat::http {

class ChunkedBody {
  public:
    static constexpr std::size_t kMaxExtension = 256;  ///< bytes behind one chunk's size
    /// Bytes of all extensions. Nobody needs any, and no rate counts them.
    static constexpr std::size_t kMaxExtensions = 4096;
    static constexpr std::size_t kMaxTrailers = 4096;  ///< bytes of the whole section
    static constexpr std::size_t kMaxTrailer = 1024;   ///< bytes of one field

    enum class Status : std::uint8_t { NeedMore, Done, Error };
    struct Step {
        Status status = Status::NeedMore;
        std::size_t consumed = 0;
        std::string_view data{};  ///< a piece of the body, part of what was consumed
    };

    /// Consumes up to the next piece of data, the end of the body or of `bytes`. To be called again
    /// with the rest until nothing of it is left, or the status is not NeedMore.
    Step next(std::string_view bytes);

  private:
    enum class State : std::uint8_t {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataEnd,
        DataLineEnd,
        Trailer,
        TrailerEnd,
        Failed
    };
    bool take(char c);
    bool take_size(char c);
    bool take_trailer(char c);

    std::uint64_t size_ = 0;      ///< of the present chunk, or what is left of it
    std::size_t line_ = 0;        ///< bytes of the present line so far
    std::size_t extensions_ = 0;  ///< bytes of all extensions so far
    std::size_t trailers_ = 0;    ///< bytes of the trailer section so far
    State state_ = State::Size;
    bool ended_ = false;
};

}  // namespace videochat::http
