// QrCode: a text as the modules of a QR code (ISO/IEC 18004), for the terminal and for pages. Pure;
// the one place that knows libqrencode.
#pragma once

#include <string>
#include <vector>

namespace videochat::app {

class QrCode {
  public:
    static constexpr int kQuiet = 4;  ///< modules around the code that must stay light

    /// At the lowest level of error correction: screens have no stains. A text that is empty or
    /// longer than a code can hold has none.
    explicit QrCode(const std::string& text);

    int width() const { return width_; }  ///< modules on each side; 0: no code
    /// False outside of the code.
    bool is_dark(int x, int y) const;

  private:
    int width_ = 0;
    std::vector<bool> modules_;
};

}  // namespace videochat::app
