// Ids and tokens come from the system's generator and from nothing else. This program has a
// getrandom() of its own, which can be told what to give.
#include "app/random_id.hpp"

#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <system_error>

#include "support/catch.hpp"

using videochat::app::random_id;

namespace {

struct Told {
    unsigned char byte = 0;
    ssize_t result = 0;
};
std::optional<Told> told;  // nullopt: what the system gives

}  // namespace

extern "C" ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
    if (!told) return ::syscall(SYS_getrandom, buffer, size, flags);
    std::fill_n(static_cast<unsigned char*>(buffer), size, told->byte);
    errno = ENOSYS;
    return told->result;
}

TEST_CASE("Ids: each character is six bits of the system's generator") {
    for (const unsigned value : {0U, 1U, 63U, 64U, 255U}) {
        told = Told{.byte = static_cast<unsigned char>(value), .result = 20};
        const std::string id = random_id();
        told.reset();
        const char expected =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[value % 64];
        CHECK(id == std::string(20, expected));
    }
}

TEST_CASE("Ids: without randomness, or with too little, there is none") {
    for (const ssize_t result : {-1, 0, 19}) {
        told = Told{.byte = 7, .result = result};
        CHECK_THROWS_AS(random_id(), std::system_error);
        told.reset();
    }
}

TEST_CASE("Ids: none comes twice") {
    std::set<std::string> ids;
    for (int i = 0; i < 10'000; ++i)
        ids.insert(random_id());
    CHECK(ids.size() == 10'000);
}
