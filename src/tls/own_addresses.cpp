#include "tls/own_addresses.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include "net/interfaces.hpp"

namespace videochat::tls {
namespace {

using protocol::IpAddress;

// 32 digits without colons.
std::optional<IpAddress> address_of_digits(std::string_view digits) {
    std::array<std::uint8_t, 16> bytes{};
    if (digits.size() != 2 * bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char* const at = digits.data() + 2 * i;
        const auto read = std::from_chars(at, at + 2, bytes.at(i), 16);
        if (read.ec != std::errc{} || read.ptr != at + 2) return std::nullopt;
    }
    return IpAddress::from_v6(bytes);
}

std::string content_of(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

std::vector<IpAddress> temporary_addresses(std::string_view if_inet6) {
    constexpr unsigned kTemporary = 1;  // IFA_F_TEMPORARY
    std::vector<IpAddress> found;
    std::istringstream lines{std::string(if_inet6)};
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string digits;
        unsigned index = 0;
        unsigned prefix = 0;
        unsigned scope = 0;
        unsigned flags = 0;
        words >> digits >> std::hex >> index >> prefix >> scope >> flags;
        const auto address = address_of_digits(digits);
        if (words && address && (flags & kTemporary) != 0) found.push_back(*address);
    }
    return found;
}

std::vector<OwnAddress> own_addresses() {
    std::vector<OwnAddress> all{{*IpAddress::parse("127.0.0.1")}, {*IpAddress::parse("::1")}};
    const auto temporary = temporary_addresses(content_of("/proc/net/if_inet6"));
    for (const auto& entry : net::interface_addresses()) {
        const auto& address = entry.address;
        const bool is_temporary =
            std::find(temporary.begin(), temporary.end(), address) != temporary.end();
        all.push_back({address, is_temporary || (address.is_link_local() && !address.is_v4())});
    }
    return all;
}

std::vector<IpAddress> lasting_lan_addresses() {
    std::vector<IpAddress> addresses = net::lan_addresses(net::interface_addresses());
    for (const OwnAddress& own : own_addresses()) {
        if (own.is_passing) std::erase(addresses, own.address);
    }
    return addresses;
}

std::string system_host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace videochat::tls
