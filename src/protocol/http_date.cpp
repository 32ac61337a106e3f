// See http_date.hpp.
#include "protocol/http_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace videochat::protocol {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::size_t kShortName = 3;

constexpr std::int64_t kYearZero = -62'167'219'200;  // 0000-01-01 00:00:00
constexpr std::int64_t kYear9999 = 253'402'300'799;  // 9999-12-31 23:59:59

/// The parts of a date, still text.
struct DateText {
    std::string_view day;
    std::string_view month;
    std::string_view year;
    std::string_view time;  // hh:mm:ss
};

std::optional<int> parse_digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool is_weekday(std::string_view name, bool is_short) {
    return std::any_of(kWeekdays.begin(), kWeekdays.end(), [=](std::string_view weekday) {
        return name == (is_short ? weekday.substr(0, kShortName) : weekday);
    });
}

/// "06 Nov 1994 08:49:37 GMT" with the separator " ", or "06-Nov-94 08:49:37 GMT" with "-".
std::optional<DateText> split_date(std::string_view text, char separator, std::size_t year_size) {
    if (text.size() != year_size + 20 || text[2] != separator || text[6] != separator) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(7 + year_size);
    if (rest.front() != ' ' || rest.substr(9) != " GMT") return std::nullopt;
    return DateText{text.substr(0, 2), text.substr(3, 3), text.substr(7, year_size),
                    rest.substr(1, 8)};
}

/// "Sun Nov  6 08:49:37 1994".
std::optional<DateText> split_asctime(std::string_view text) {
    if (text.size() != 24 || !is_weekday(text.substr(0, kShortName), true)) return std::nullopt;
    if (text[3] != ' ' || text[7] != ' ' || text[10] != ' ' || text[19] != ' ') return std::nullopt;
    const std::string_view day = text[8] == ' ' ? text.substr(9, 1) : text.substr(8, 2);
    return DateText{day, text.substr(4, 3), text.substr(20, 4), text.substr(11, 8)};
}

std::optional<DateText> split(std::string_view text) {
    const std::size_t comma = text.find(", ");
    if (comma == std::string_view::npos) return split_asctime(text);
    const std::string_view weekday = text.substr(0, comma);
    const std::string_view rest = text.substr(comma + 2);
    if (is_weekday(weekday, true)) return split_date(rest, ' ', 4);
    if (is_weekday(weekday, false)) return split_date(rest, '-', 2);
    return std::nullopt;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    if (text[2] != ':' || text[5] != ':') return std::nullopt;
    const auto hour = parse_digits(text.substr(0, 2));
    const auto minute = parse_digits(text.substr(3, 2));
    const auto second = parse_digits(text.substr(6, 2));
    if (!hour || !minute || !second) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;  // 60: a leap second
    return (*hour * 60 + *minute) * 60 + *second;
}

/// Two digits mean the year that is at most 50 years ahead of now.
int expand_year(int two_digits, std::int64_t now) {
    const chrono::year_month_day today(
        chrono::floor<chrono::days>(chrono::sys_seconds(chrono::seconds(now))));
    const int this_year = static_cast<int>(today.year());
    int year = this_year - this_year % 100 + two_digits;
    if (year > this_year + 50) year -= 100;
    if (year <= this_year - 50) year += 100;
    return year;
}

}  // namespace

std::string format_http_date(std::int64_t seconds) {
    const chrono::sys_seconds time(chrono::seconds(std::clamp(seconds, kYearZero, kYear9999)));
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    const auto weekday = kWeekdays.at(chrono::weekday(day).c_encoding()).substr(0, kShortName);
    const auto month = kMonths.at(static_cast<unsigned>(date.month()) - 1);
    std::array<char, 64> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        std::string(weekday).c_str(), static_cast<unsigned>(date.day()), std::string(month).c_str(),
        static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<std::int64_t> parse_http_date(std::string_view text, std::int64_t now) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    const auto day = parse_digits(parts->day);
    const auto year = parse_digits(parts->year);
    const auto time = parse_time(parts->time);
    const auto* month = std::find(kMonths.begin(), kMonths.end(), parts->month);
    if (!day || !year || !time || month == kMonths.end()) return std::nullopt;
    const int full_year = parts->year.size() == 2 ? expand_year(*year, now) : *year;
    const chrono::year_month_day date(
        chrono::year(full_year), chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
        chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    const auto midnight = chrono::sys_days(date).time_since_epoch();
    return chrono::duration_cast<chrono::seconds>(midnight).count() + *time;
}

}  // namespace videochat::protocol
