#include "http/incoming_body.hpp"

#include <algorithm>

namespace videochat::http {

IncomingBody::IncomingBody(const RequestHead& head, std::size_t limit, BodyBytes bytes)
    : limit_(limit), is_dropped_(bytes == BodyBytes::Dropped), left_(head.content_length) {
    if (head.body == BodyFraming::Chunked) {
        chunked_.emplace();
    } else if (left_ > limit) {
        status_ = Status::TooLarge;
    } else if (left_ == 0) {
        status_ = Status::Whole;
    }
}

std::size_t IncomingBody::take(std::string_view arrived) {
    return chunked_ ? take_chunked(arrived) : take_counted(arrived);
}

void IncomingBody::add(std::string_view bytes) {
    size_ += bytes.size();
    if (!is_dropped_) bytes_ += bytes;
}

std::size_t IncomingBody::take_counted(std::string_view arrived) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(arrived.size(), left_));
    add(arrived.substr(0, size));
    left_ -= size;
    if (left_ == 0) status_ = Status::Whole;
    return size;
}

std::size_t IncomingBody::take_chunked(std::string_view arrived) {
    std::size_t used = 0;
    while (status_ == Status::NeedMore && used < arrived.size()) {
        const ChunkedBody::Step step = chunked_->next(arrived.substr(used));
        used += step.consumed;
        if (step.status == ChunkedBody::Status::Error) {
            status_ = Status::Malformed;
        } else if (step.data.size() > limit_ - size_) {
            status_ = Status::TooLarge;
        } else {
            add(step.data);
            if (step.status == ChunkedBody::Status::Done) status_ = Status::Whole;
        }
    }
    return used;
}

}  // namespace videochat::http
