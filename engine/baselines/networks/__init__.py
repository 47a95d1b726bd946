"""The systems of Table 1 that are networks: MobileNetV2, StairIQA, LIQE, MUSIQ. They need torch."""
