#include "app/random_id.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace videochat::app {

std::string random_id() {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<unsigned char, 20> bytes{};  // six bits of each are used
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    std::string id;
    id.reserve(bytes.size());
    for (const unsigned char byte : bytes)
        id.push_back(kDigits[byte % kDigits.size()]);
    return id;
}

}  // namespace videochat::app
