// Calls against the model: random scripts of everything that eight clients can do, in several calls
// at once, with their frames compared to the model's and the promises of docs/protocol.md checked
// after each step. `SEED=N` runs that one again.
#include "call_model.hpp"

#include <cstdlib>
#include <random>

#include "call_script.hpp"
#include "support/catch.hpp"

using namespace videochat::test;

namespace {

constexpr std::size_t kSteps = 20'000;
constexpr std::size_t kShrinkingSteps = 1'000'000;

/// The kinds of frames that were seen.
std::map<std::string, int> check(std::uint64_t seed) {
    const Script script = random_script(seed, kSteps);
    Outcome outcome = run(script);
    INFO("SEED=" << seed << ", step " << outcome.steps);
    if (outcome.broken) {
        const Script shorter = shrink(script, kShrinkingSteps);
        FAIL(*outcome.broken << "\nin short:\n"
                             << text_of(shorter) << run(shorter).broken.value_or(""));
    }
    CHECK(outcome.steps == kSteps);
    return std::move(outcome.kinds);
}

}  // namespace

TEST_CASE("Calls are what the model says, whatever eight clients do") {
    if (const char* const seed = std::getenv("SEED")) {
        check(std::strtoull(seed, nullptr, 10));
        return;
    }
    const std::uint64_t fresh = std::random_device{}();
    WARN("SEED=" << fresh);
    check(fresh);
}

TEST_CASE("Calls are what the model says, in all that may happen") {
    std::map<std::string, int> seen;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        for (const auto& [kind, count] : check(seed))
            seen[kind] += count;
    }
    // Nothing was compared that never happened.
    for (const auto* kind : {"welcome waiting",
                             "welcome admitted",
                             "welcome waiting resumed",
                             "welcome admitted resumed",
                             "main check answer",
                             "ring ended accepted",
                             "ring ended declined",
                             "ring ended cancelled",
                             "ring ended no answer",
                             "ring ended locked",
                             "host agreed",
                             "peer joined",
                             "peer away",
                             "peer back",
                             "peer left left",
                             "peer left removed",
                             "peer left lost",
                             "message",
                             "chat message",
                             "host",
                             "door \"open\"",
                             "door \"knock\"",
                             "door \"locked\"",
                             "password true",
                             "password false",
                             "pong",
                             "refused password",
                             "refused locked",
                             "refused full",
                             "refused rate",
                             "refused declined",
                             "refused busy",
                             "refused no answer",
                             "refused ended",
                             "refused removed",
                             "refused replaced",
                             "refused expired",
                             "error not-admitted",
                             "error bad-request",
                             "error not-host",
                             "error no-such-seat",
                             "error full",
                             "error rate",
                             "to who looks: peek nobody",
                             "to who looks: peek knock",
                             "to who looks: peek knock password",
                             "to who looks: peek open",
                             "to who looks: peek open password",
                             "to who looks: refused password",
                             "to who looks: refused locked",
                             "to who looks: refused full",
                             "to who looks: refused rate",
                             "close 1000",
                             "close 1013"}) {
        INFO(kind);
        CHECK(seen[kind] >= 5);
    }
}
