// What a request asks for: its target, and the path of it that is left behind the base path. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/request_head.hpp"
#include "protocol/request_target.hpp"

namespace videochat::http {

struct RequestAddress {
    protocol::RequestTarget target;
    protocol::BasePathResult inside;  ///< Outside as long as the target is no path

    bool is_inside() const { return inside.outcome == protocol::BasePathOutcome::Inside; }
};

/// `storage` keeps a path that had to be decoded, for as long as the address is used.
RequestAddress find_address(const RequestHead& head, std::string_view base_path,
                            std::string& storage);

}  // namespace videochat::http
