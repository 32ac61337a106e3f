#include "http/request_address.hpp"

namespace videochat::http {

RequestAddress find_address(const RequestHead& head, std::string_view base_path,
                            std::string& storage) {
    RequestAddress address;
    if (head.method_name == "CONNECT") return address;  // its target is no path
    address.target = protocol::parse_request_target(head.target, storage);
    if (address.target.outcome == protocol::TargetOutcome::Ok) {
        address.inside = protocol::strip_base_path(address.target.path, base_path);
    }
    return address;
}

}  // namespace videochat::http
