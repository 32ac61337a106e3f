// IncomingBody: the body of a request on its way in, by length or chunked (RFC 9112 section 6),
// with a limit. Its memory grows with what has arrived, never with what was declared, and not at
// all when the bytes are only to be dropped. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/chunked_body.hpp"
#include "http/request_head.hpp"

namespace videochat::http {

/// What becomes of a body.
enum class BodyBytes : std::uint8_t { Kept, Dropped };

class IncomingBody {
  public:
    enum class Status : std::uint8_t { NeedMore, Whole, Malformed, TooLarge };

    /// A body of 0 bytes is whole, one that is declared as more than `limit` too large at once.
    IncomingBody(const RequestHead& head, std::size_t limit, BodyBytes bytes = BodyBytes::Kept);

    Status status() const { return status_; }
    /// Takes what belongs to the body; returns how many of `arrived` that are. Only while more is
    /// needed.
    std::size_t take(std::string_view arrived);
    bool is_dropped() const { return is_dropped_; }
    /// How much has been taken, without its coding.
    std::uint64_t size() const { return size_; }
    /// What has been taken; nothing of what is dropped.
    std::string_view bytes() const { return bytes_; }

  private:
    std::size_t take_counted(std::string_view arrived);
    std::size_t take_chunked(std::string_view arrived);

    void add(std::string_view bytes);

    std::string bytes_;
    std::uint64_t size_ = 0;
    std::size_t limit_;
    bool is_dropped_;
    std::uint64_t left_;                  ///< of a body with a length
    std::optional<ChunkedBody> chunked_;  ///< or its coding
    Status status_ = Status::NeedMore;
};

}  // namespace videochat::http
