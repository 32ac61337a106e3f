#include "call_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace videochat::test {
namespace {

using nlohmann::json;

std::vector<CallView::Member> members_of(const json& welcome, std::string& host) {
    std::vector<CallView::Member> members;
    for (const auto& each : welcome.at("members")) {
        members.push_back({each.at("seat"), each.at("name"), each.at("away")});
        if (each.at("host")) host = each.at("seat");
    }
    return members;
}

void require(bool holds, const std::string& what, const std::string& frame) {
    if (!holds) throw Broken(what + ": " + frame.substr(0, 300));
}

std::string name_of(const std::string& frame) { return frame.substr(2, frame.find('"', 2) - 2); }

}  // namespace

std::string kind_of(const std::string& frame) {
    if (frame.starts_with("close")) return frame;
    const std::string name = name_of(frame);
    if (name == "message" || name == "pong" || name == "chat message") return name;
    const json parsed = json::parse(frame);
    if (name == "refused") return name + " " + parsed.at(1).get<std::string>();
    if (name == "error") return name + " " + parsed.at(1).at("code").get<std::string>();
    if (name == "peer left" || name == "ring ended") {
        return name + " " + parsed.at(2).get<std::string>();
    }
    if (name == "peek") {
        const json& about = parsed.at(1);
        if (about.at("count") == 0) return "peek nobody";
        return "peek " + about.at("door").get<std::string>() +
               (about.at("password") ? " password" : "");
    }
    if (name == "door" || name == "password") return name + " " + parsed.at(1).dump();
    if (name != "welcome") return name;
    const json& about = parsed.at(1);
    return "welcome " + about.at("state").get<std::string>() +
           (about.at("resumed") ? " resumed" : "");
}

std::vector<CallView::Member>::iterator CallView::find(const std::string& id) {
    return std::ranges::find(members, id, &Member::seat);
}

void CallView::take(const std::string& frame) {
    require(!over || frame.starts_with("close"), "a frame after the last one", frame);
    if (frame.starts_with("close") || frame.starts_with(R"(["refused")")) {
        over = true;
        return;
    }
    const std::string name = name_of(frame);
    if (name == "pong") return;
    if (name == "welcome") {
        welcome(frame);
        return;
    }
    ++seen;
    if (name == "error") return;
    if (name == "host agreed") {
        require(!admitted, "admitted twice", frame);
        const json about = json::parse(frame).at(1);
        members = members_of(about, host);
        door = about.at("door");
        password = about.at("password");
        admitted = true;
        return;
    }
    require(admitted, "for members only", frame);
    if (name == "message" || name == "chat message") {
        const auto at = frame.rfind(R"({"from":")") + 9;
        const auto from = frame.substr(at, frame.find('"', at) - at);
        require(find(from) != members.end(), "from nobody who is here", frame);
    } else if (name != "main check answer" && name != "ring ended") {
        const json parsed = json::parse(frame);
        change(name, parsed.at(1).is_string() ? parsed.at(1).get<std::string>() : "", frame);
    }
}

void CallView::welcome(const std::string& frame) {
    const json about = json::parse(frame).at(1);
    require(seat.empty() || seat == about.at("seat"), "the welcome of another seat", frame);
    seat = about.at("seat");
    token = about.at("token");
    resumed = about.at("resumed");
    heard = about.at("heard");
    if (resumed) return;  // our own view goes on
    seen = 0;
    admitted = about.at("state") == "admitted";
    members = members_of(about, host);
    require(admitted == about.contains("door") && admitted == about.contains("password") &&
                admitted != about.contains("count") && admitted != members.empty(),
            "a welcome that tells too much or too little", frame);
    if (!admitted) return;
    door = about.at("door");
    password = about.at("password");
}

void CallView::change(const std::string& event, const std::string& id, const std::string& frame) {
    const auto member = find(id);
    if (event == "peer joined") {
        const json about = json::parse(frame).at(1);
        require(find(about.at("seat")) == members.end(), "joined twice", frame);
        members.push_back({about.at("seat"), about.at("name"), false});
    } else if (event == "door") {
        door = id;
    } else if (event == "password") {
        password = frame == R"(["password",true])";
    } else {
        require(member != members.end(), "about nobody who is here", frame);
        require(id != seat || event == "host", "about oneself", frame);
        if (event == "host") {
            host = id;
        } else if (event == "peer left") {
            members.erase(member);
        } else {
            require(event == "peer away" || event == "peer back", "unknown", frame);
            require(member->away == (event == "peer back"), "nothing new", frame);
            member->away = event == "peer away";
        }
    }
}

}  // namespace videochat::test
