#include "app/option_help.hpp"

#include <algorithm>

#include "app/option_table.hpp"

namespace videochat::app {
namespace {

constexpr std::size_t kColumn = 31;  // where explanations begin

std::string usage_line(std::string usage, const std::string& help) {
    usage = "  " + usage;
    usage.resize(std::max(usage.size() + 1, kColumn), ' ');
    return usage + help + "\n";
}

std::string usage_of(const Option& option) {
    return option.value.empty() ? option.flag() : option.flag() + " " + option.value;
}

}  // namespace

std::string help_text() {
    std::string text =
        "Usage: videochat-server [options]\n"
        "       videochat-server ca --print     show the CA of this server\n"
        "       videochat-server ca --new       make a new one, which devices then have to trust\n"
        "       videochat-server trust          make this machine trust it\n"
        "       videochat-server trust --remove\n"
        "\n"
        "Serves the pages of a video chat and carries the messages that set its calls up.\n";
    for (const OptionGroup& group : option_table()) {
        text += "\n" + group.title + ":\n";
        for (const Option& option : group.options) {
            const auto& standard = option.default_text;
            text +=
                usage_line(usage_of(option),
                           standard.empty() ? option.help : option.help + " [" + standard + "]");
        }
    }
    text += "\nAbout:\n";
    text += usage_line("--version", "Print the version");
    text += usage_line("--help", "Print this");
    text +=
        "\n"
        "Times: 300ms, 30s, 1.5m, 1h; sizes: 64KB, 256KiB, 1MiB. A rate, count or size of 0 lifts\n"
        "that limit. Every option is also a variable (VIDEOCHAT_MESSAGE_RATE=50) and a line of "
        "the\n"
        "file named by --config (message-rate = 50). A flag wins over a variable, a variable over\n"
        "the file. Without --port and VIDEOCHAT_PORT, PORT counts.\n";
    return text;
}

std::string help_markdown() {
    std::string text;
    for (const OptionGroup& group : option_table()) {
        text += "\n**" + group.title + "**\n\n| option | default | |\n| --- | --- | --- |\n";
        for (const Option& option : group.options) {
            text += "| `" + usage_of(option) + "` | " + option.default_text + " | " + option.help +
                    " |\n";
        }
    }
    return text + "\n";
}

}  // namespace videochat::app
