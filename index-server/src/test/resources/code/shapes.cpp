#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace shapes {

constexpr double kPi = 3.141'592'653;

/// A shape, and what it covers.
class Shape {
 public:
  virtual ~Shape() = default;
  virtual double area() const = 0;
  std::string name() const { return R"(shape { "raw" })"; }
};

template <typename T>
struct Point {
  T x{}, y{};

  friend Point operator+(const Point& one, const Point& other) {
    return {one.x + other.x, one.y + other.y};
  }
};

class Circle final : public Shape {
 public:
  explicit Circle(double radius) : radius_{radius} {}

  double area() const override {
    return kPi * radius_ * radius_;
  }

 private:
  double radius_;
};

class Polygon : public Shape {
 public:
  Polygon(std::initializer_list<Point<double>> corners) : corners_(corners) {}

  double area() const override {
    double twice = 0;
    for (std::size_t i = 0; i < corners_.size(); ++i) {
      const auto& a = corners_[i];
      const auto& b = corners_[(i + 1) % corners_.size()];
      twice += a.x * b.y - b.x * a.y;
    }
    return std::abs(twice) / 2;
  }

 private:
  std::vector<Point<double>> corners_;
};

template <typename... Shapes>
double total(const Shapes&... shapes) {
  auto sum = [](double one, double other) { return one + other; };
  std::vector<double> areas{shapes.area()...};
  return std::accumulate(areas.begin(), areas.end(), 0.0, sum);
}

}  // namespace shapes

int main() {
  shapes::Circle circle{2};
  return shapes::total(circle, shapes::Polygon{{0, 0}, {1, 0}, {1, 1}}) > 12 ? 0 : '}';
}
