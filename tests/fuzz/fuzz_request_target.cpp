// protocol/request_target: a path never leaves the root, agrees with a plain reference, and is the
// same again after encoding and parsing.
#include <optional>
#include <string>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/origin.hpp"
#include "protocol/request_target.hpp"
#include "protocol/utf8.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            decoded +=
                static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

/// Segment by segment into a list; nullopt when ".." finds it empty.
std::optional<std::string> resolve_slowly(const std::string& path) {
    std::vector<std::string> kept;
    bool is_folder = false;
    for (std::size_t begin = 1; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string segment = path.substr(begin, end - begin);
        is_folder = segment.empty() || segment == "." || segment == "..";
        if (segment == "..") {
            if (kept.empty()) return std::nullopt;
            kept.pop_back();
        } else if (!is_folder) {
            kept.push_back(segment);
        }
        begin = end + 1;
    }
    std::string resolved;
    for (const std::string& segment : kept)
        resolved += '/' + segment;
    return is_folder ? resolved + '/' : resolved;
}

void check_path(std::string_view path) {
    require(!path.empty() && path.front() == '/', "a path begins with a slash");
    require(path.find("//") == path.npos, "slashes are single");
    require((std::string(path) + '/').find("/../") == std::string::npos, "no segment is ..");
    require((std::string(path) + '/').find("/./") == std::string::npos, "no segment is .");
    require(is_valid_utf8(path), "a path is UTF-8");
    for (const char c : path) {
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "a path has no control byte");
        require(c != '\\', "a path has no backslash");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view target = as_text(data, size);
    std::string storage;
    const RequestTarget result = parse_request_target(target, storage);
    if (result.outcome != TargetOutcome::Ok) return 0;
    check_path(result.path);

    std::string_view sent = target.substr(0, target.find('?'));
    if (!result.authority.empty()) {
        require(is_valid_host(result.authority), "an authority is a host");
        sent.remove_prefix(sent.find("://") + 3 + result.authority.size());
        if (sent.empty()) sent = "/";
    }
    require(resolve_slowly(decode(sent)) == result.path, "the reference resolves alike");

    const std::string encoded = encode_path(result.path);
    std::string again_storage;
    const RequestTarget again = parse_request_target(encoded, again_storage);
    require(again.outcome == TargetOutcome::Ok, "an encoded path is a target");
    require(again.path == result.path, "encoding and parsing gives the same path");
    require(again.query.empty() && again.authority.empty(), "an encoded path is only a path");

    const BasePathResult inside = strip_base_path(result.path, "/x");
    if (inside.outcome == BasePathOutcome::Inside) check_path(inside.path);
    return 0;
}
