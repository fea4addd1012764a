"""Made-up prose: words of which some are in every other sentence and most are hardly anywhere.

The first words are real ones, so that a search has something to look for; how often a word comes
goes down with its rank, as in any language (Zipf).
"""

import random
from itertools import accumulate

COMMON = (
    "the of and to in a that for on is with we our both sides will be as by this trade peace "
    "agreed security cooperation countries minister relations region talks border support "
    "economic development must should concern welcome respect sovereignty exchange dialogue "
    "energy climate treaty visit committed progress people channel open stable shared interest "
    "water fisheries sanctions aviation customs investment education health culture science "
    "refugees humanitarian missile nuclear maritime strait island protocol consular visa "
    "grain railway pipeline satellite quota tariff patent archive monument pandemic earthquake"
)
SYLLABLES = tuple(first + last for first in "bdfgklmnprstvz" for last in ("a", "e", "i", "o", "u"))
WORDS = 40_000
SIGNS = 2_000
FIRST_SIGN = 0x4E00
COMMON_SIGNS = (
    "我们 双方 关系 合作 发展 和平 台湾 中国 美国 经济 安全 会谈 访问 原则 立场 支持 "
    "主权 贸易 部长 总统 地区 问题 同意 表示 对话"
)


def rare_word(number: int) -> str:
    """A word of three or four syllables, another for each number."""
    size = len(SYLLABLES)
    found, left = "", number + size * size
    while left:
        left, digit = divmod(left, size)
        found += SYLLABLES[digit]
    return found


def rare_signs(number: int) -> str:
    return chr(FIRST_SIGN + number * 7 % SIGNS) + chr(FIRST_SIGN + number * 131 % SIGNS)


def weights(count: int) -> list[float]:
    """The sums by which `random.choices` picks the first most often."""
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


VOCABULARY = [*COMMON.split(), *(rare_word(number) for number in range(WORDS))]
VOCABULARY_WEIGHTS = weights(len(VOCABULARY))
COMPOUNDS = [*COMMON_SIGNS.split(), *(rare_signs(number) for number in range(4_000))]
COMPOUND_WEIGHTS = weights(len(COMPOUNDS))


def sentence(chance: random.Random, words: int) -> str:
    found = chance.choices(VOCABULARY, cum_weights=VOCABULARY_WEIGHTS, k=words)
    return " ".join(found).capitalize() + "."


def chinese_sentence(chance: random.Random, words: int) -> str:
    return "".join(chance.choices(COMPOUNDS, cum_weights=COMPOUND_WEIGHTS, k=words)) + "。"
