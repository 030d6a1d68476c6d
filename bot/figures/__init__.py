"""Figures for the centre: what the assistant takes off its shoulders, without anybody's details."""

from bot.figures.counting import figures
from bot.figures.metrics import metrics
from bot.figures.records import PERIODS, Figures
from bot.figures.sheet import sheet
from bot.figures.tables import Table, tables

__all__ = ["PERIODS", "Figures", "Table", "figures", "metrics", "sheet", "tables"]
