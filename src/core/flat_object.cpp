#include "core/flat_object.hpp"

#include <algorithm>

#include "core/json_text.hpp"

namespace videochat::core {
namespace {

constexpr std::string_view kSpace = " \t\n\r";

// Steps over checked JSON.
class Reader {
  public:
    explicit Reader(std::string_view json) : rest_(json) { skip_space(); }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        skip_space();
        return true;
    }
    std::optional<std::string> take_string() {
        if (rest_.empty() || rest_.front() != '"') return std::nullopt;
        std::size_t end = 1;
        while (rest_[end] != '"')
            end += rest_[end] == '\\' ? 2 : 1;
        std::string text;
        append_decoded(text, rest_.substr(0, end + 1));
        rest_.remove_prefix(end + 1);
        skip_space();
        return text;
    }
    bool at_end() const { return rest_.empty(); }

  private:
    void skip_space() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
    }
    std::string_view rest_;
};

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> flat_object(
    std::string_view json, std::size_t max_members) {
    Reader reader(json);
    if (!reader.take('{')) return std::nullopt;
    std::vector<std::pair<std::string, std::string>> members;
    if (reader.take('}')) return members;
    do {
        auto key = reader.take_string();
        if (!key || !reader.take(':') || members.size() == max_members) return std::nullopt;
        auto value = reader.take_string();
        if (!value) return std::nullopt;
        for (const auto& member : members) {
            if (member.first == *key) return std::nullopt;
        }
        members.emplace_back(std::move(*key), std::move(*value));
    } while (reader.take(','));
    if (!reader.take('}')) return std::nullopt;
    return members;
}

std::optional<std::string> string_value(std::string_view json) {
    Reader reader(json);
    auto text = reader.take_string();
    if (!text || !reader.at_end()) return std::nullopt;
    return text;
}

}  // namespace videochat::core
