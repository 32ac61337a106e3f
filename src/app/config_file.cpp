#include "app/config_file.hpp"

#include <algorithm>
#include <stdexcept>

namespace videochat::app {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// Thrown and caught in this file: a line has many places where it can go wrong.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class LineParser {
  public:
    explicit LineParser(std::string_view rest) : rest_(rest) {}

    bool is_at_end() {
        skip_blanks();
        return rest_.empty() || rest_.front() == '#';
    }

    std::string name() {
        constexpr std::string_view kNameBytes = "abcdefghijklmnopqrstuvwxyz0123456789-";
        std::string name = take(rest_.find_first_not_of(kNameBytes));
        if (name.empty() || !accept('=')) throw Malformed("expected a line `name = value`");
        return name;
    }

    std::vector<std::string> values() {
        is_list_ = accept('[');
        std::vector<std::string> found;
        if (is_list_ && accept(']')) return finished(found);
        do {
            found.push_back(value());
        } while (accept(','));
        if (is_list_ && !accept(']')) throw Malformed("the list does not end on its line");
        return finished(found);
    }

  private:
    std::vector<std::string> finished(std::vector<std::string> values) {
        if (!is_at_end()) throw Malformed("unexpected text after the value");
        return values;
    }

    std::string value() {
        if (is_at_end()) throw Malformed("a value is missing");
        if (consume('"')) return quoted('"', true);
        if (consume('\'')) return quoted('\'', false);
        std::string bare = take(rest_.find_first_of(is_list_ ? ",]" : ","));
        // A # begins a comment only behind a blank: it may be part of a path.
        for (const std::string_view comment : {" #", "\t#"}) {
            const auto at = bare.find(comment);
            if (at == std::string::npos) continue;
            rest_ = {};
            bare.resize(at);
        }
        bare.resize(bare.find_last_not_of(kBlanks) + 1);
        if (bare.empty()) throw Malformed("a value is missing");
        return bare;
    }

    std::string quoted(char quote, bool has_escapes) {
        std::string text;
        while (!rest_.empty() && rest_.front() != quote) {
            if (has_escapes && rest_.front() == '\\') rest_.remove_prefix(1);
            if (rest_.empty()) break;
            text.push_back(rest_.front());
            rest_.remove_prefix(1);
        }
        if (!consume(quote)) throw Malformed("the quote does not end on its line");
        return text;
    }

    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
    }

    bool accept(char wanted) {
        skip_blanks();
        return consume(wanted);
    }

    bool consume(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string take(std::size_t count) {
        std::string taken(rest_.substr(0, count));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view rest_;
    bool is_list_ = false;
};

}  // namespace

std::variant<std::vector<ConfigLine>, ConfigFileError> parse_config_file(std::string_view text) {
    std::vector<ConfigLine> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        LineParser parser(line);
        if (parser.is_at_end()) continue;
        try {
            std::string name = parser.name();
            lines.push_back({number, std::move(name), parser.values()});
        } catch (const Malformed& problem) {
            return ConfigFileError{number, problem.what()};
        }
    }
    return lines;
}

}  // namespace videochat::app
