#include "tls/file_content.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/quoted_text.hpp"

namespace videochat::tls {

void fail(const std::string& what, const std::string& path, int problem) {
    throw FileError(what + " " + protocol::quoted(path) + ": " + std::strerror(problem));
}

struct stat state_of(const net::UniqueFd& file, const std::string& path) {
    struct stat state {};
    if (::fstat(file.get(), &state) != 0) fail("cannot read", path, errno);
    if (!S_ISREG(state.st_mode)) throw FileError(protocol::quoted(path) + " is not a file");
    return state;
}

std::string content_of(const net::UniqueFd& file, const std::string& path) {
    constexpr std::size_t kLargest = std::size_t{1} << 20U;
    std::string content;
    std::array<char, 4096> part{};
    while (true) {
        const ssize_t size = ::read(file.get(), part.data(), part.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) fail("cannot read", path, errno);
        if (size == 0) return content;
        content.append(part.data(), static_cast<std::size_t>(size));
        if (content.size() > kLargest) fail("cannot read", path, EFBIG);
    }
}

std::string content_of(const std::string& path) {
    const net::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) fail("cannot read", path, errno);
    state_of(file, path);
    return content_of(file, path);
}

}  // namespace videochat::tls
