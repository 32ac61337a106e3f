// See acme_challenges.hpp.
#include "app/acme_challenges.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "http/response_head.hpp"
#include "http/standard_responses.hpp"

namespace videochat::app {
namespace {

constexpr std::string_view kChallenges = "/.well-known/acme-challenge/";
constexpr std::size_t kLargest = 4096;  // bytes; a token and a key's thumbprint are below 200

/// base64url: nothing that could lead anywhere else.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

/// nullopt: no regular file, or too large for what it should be.
std::optional<std::string> read_small(int fd) {
    struct stat status {};
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    std::array<char, kLargest + 1> bytes;
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t count = ::read(fd, bytes.data() + size, bytes.size() - size);
        if (count < 0) return std::nullopt;
        if (count == 0) return std::string(bytes.data(), size);
        size += static_cast<std::size_t>(count);
    }
    return std::nullopt;
}

}  // namespace

std::optional<http::Response> AcmeChallenges::answer(http::Method method, std::string_view path) {
    if (!path.starts_with(kChallenges)) return std::nullopt;
    if (method == http::Method::Options) return http::options_response();
    if (method == http::Method::Other) return http::method_not_allowed();
    return token_answer(path.substr(kChallenges.size()));
}

http::Response AcmeChallenges::token_answer(std::string_view token) {
    if (!is_token(token)) return http::plain_response(404);
    const auto opened = folder_.open(std::string(kChallenges.substr(1)).append(token));
    const auto text = opened.fd ? read_small(opened.fd.get()) : std::nullopt;
    if (!text) return http::plain_response(404);
    return http::text_response(200, *text, "Cache-Control: no-store\r\n");
}

}  // namespace videochat::app
