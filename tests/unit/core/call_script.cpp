// Scripts: made, printed, shortened. What they do is in call_script_run.cpp.
#include "call_script.hpp"

#include <algorithm>
#include <random>

namespace videochat::test {
namespace {

struct Weighted {
    Action action;
    const char* name;
    std::uint32_t weight;
};

constexpr std::array<Weighted, static_cast<std::size_t>(Action::kCount)> kActions{{
    {Action::Enter, "enter", 60},
    {Action::Peek, "peek", 40},
    {Action::Ring, "ring", 150},
    {Action::Accept, "accept", 90},
    {Action::Decline, "decline", 14},
    {Action::MessageAll, "message to all", 40},
    {Action::MessageOne, "message to one", 60},
    {Action::BigMessage, "big message", 4},
    {Action::Chat, "chat", 20},
    {Action::Remove, "remove", 10},
    {Action::Door, "door", 20},
    {Action::Password, "password", 14},
    {Action::Host, "host", 20},
    {Action::Bye, "bye", 8},
    {Action::Ping, "ping", 10},
    {Action::Forge, "forge", 150},
    {Action::Stall, "stall", 12},
    {Action::Drop, "drop", 18},
    {Action::Breach, "breach", 3},
    {Action::Resume, "resume", 80},
    {Action::ResumeWrong, "resume wrongly", 10},
    {Action::Wait, "wait", 100},
}};

Action action_of(std::uint64_t random) {
    std::uint32_t sum = 0;
    for (const auto& each : kActions)
        sum += each.weight;
    random %= sum;
    for (const auto& each : kActions) {
        if (random < each.weight) return each.action;
        random -= each.weight;
    }
    return Action::Wait;
}

bool fails(const Script& script, std::size_t& budget) {
    const Outcome outcome = run(script);
    budget -= std::min(budget, outcome.steps);
    return outcome.broken.has_value();
}

/// Every `part` steps that are not needed for the failure.
void leave_out(Script& script, std::size_t part, std::size_t& budget) {
    for (std::size_t begin = 0; begin < script.size() && budget > 0;) {
        Script shorter = script;
        const auto from = shorter.begin() + static_cast<std::ptrdiff_t>(begin);
        shorter.erase(from,
                      from + static_cast<std::ptrdiff_t>(std::min(part, script.size() - begin)));
        if (fails(shorter, budget)) {
            script = std::move(shorter);
        } else {
            begin += part;
        }
    }
}

}  // namespace

Script random_script(std::uint64_t seed, std::size_t length) {
    std::mt19937_64 random(seed);
    Script script;
    for (std::size_t i = 0; i < length; ++i) {
        script.push_back({.action = action_of(random()),
                          .client = static_cast<int>(random() % 8),
                          .other = static_cast<int>(random() % 8),
                          .choice = static_cast<std::uint32_t>(random())});
    }
    return script;
}

std::string text_of(const Script& script) {
    std::string text;
    for (const Step& step : script) {
        const auto* const action = std::ranges::find(kActions, step.action, &Weighted::action);
        text += "client " + std::to_string(step.client) + ": " + action->name + ", other " +
                std::to_string(step.other) + ", choice " + std::to_string(step.choice) + "\n";
    }
    return text;
}

Outcome run(const Script& script) {
    Outcome outcome;
    CallRun run;
    try {
        for (const Step& step : script) {
            ++outcome.steps;
            run.step(step);
        }
    } catch (const std::exception& error) {
        outcome.broken = error.what();
    }
    outcome.kinds = run.kinds;
    return outcome;
}

Script shrink(Script script, std::size_t budget) {
    script.resize(run(script).steps);
    for (std::size_t before = 0; before != script.size() && budget > 0;) {
        before = script.size();
        for (std::size_t part = script.size() / 2; part > 0; part /= 2)
            leave_out(script, part, budget);
    }
    return script;
}

}  // namespace videochat::test
