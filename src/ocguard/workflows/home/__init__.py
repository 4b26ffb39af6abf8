"""What a creator keeps: profile and key, portfolio, index, presets, platform profiles."""
