// See qr_code.hpp.
#include "app/qr_code.hpp"

#include <qrencode.h>

#include <cstddef>
#include <memory>

namespace videochat::app {

QrCode::QrCode(const std::string& text) {
    if (text.empty()) return;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L), &QRcode_free);
    if (!code) return;
    width_ = code->width;
    const auto count = static_cast<std::size_t>(width_) * static_cast<std::size_t>(width_);
    modules_.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        modules_.push_back((code->data[i] & 1U) != 0);
}

bool QrCode::is_dark(int x, int y) const {
    if (x < 0 || y < 0 || x >= width_ || y >= width_) return false;
    return modules_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                    static_cast<std::size_t>(x)];
}

}  // namespace videochat::app
