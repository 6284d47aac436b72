"""Refusals of files that are not looked at as photos. What ``errors`` says holds here too.

A photo that can be looked at and is not good is no refusal: ``domain/photos/photo_rules.py``
says what is wrong with it.
"""

from domain.errors import DomainError


class NotAPhoto(DomainError):
    """The file is no JPEG, whatever its name says."""

    title = "JPEG形式の写真ではありません"


class PhotoDamaged(DomainError):
    """The file begins as a JPEG and cannot be read to its end."""

    title = "写真のファイルが壊れています"


class PhotoHoldsMore(DomainError):
    """Something else is hidden in the file or hangs on to it."""

    title = "写真のほかのデータが含まれています"


class PhotoTooLarge(DomainError):
    """More bytes or pixels than are looked at."""

    title = "写真が大きすぎます"


class PhotoTooHard(DomainError):
    """Looking at it took more time or memory than any real photo needs."""

    title = "写真を調べられませんでした"


class CropRefused(DomainError):
    """What was asked to be cut out is not on the picture, or is too small for a photo."""

    title = "この範囲では切り抜けません"


class PhotoGateBusy(DomainError):
    """Others are having photos looked at; asking again soon will help."""

    title = "写真の確認が混み合っています"
