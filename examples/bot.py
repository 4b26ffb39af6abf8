"""What a bot in a chat does with a picture: it answers with the protected one.

Call on_picture where Discord's or Telegram's library brings a message with a file, and send the
answer as a file, since what is sent as a photo is made smaller. The marks are those of the account
that runs the bot, so it works for that artist alone: whoever may send is in BOT_ARTISTS.
"""

import asyncio
import os

import ocguard

ARTISTS = frozenset(os.environ.get("BOT_ARTISTS", "").split())  # their ids in the chat
MAX_BYTES = 25_000_000
AT_ONCE = asyncio.Semaphore(2)  # pictures worked on at a time; others wait


async def on_picture(data: bytes, sender: str) -> tuple[str, bytes]:
    """Return what to say, and the file to send back; without a file it is empty."""
    if sender not in ARTISTS:
        return "I protect pictures of my own artist only.", b""
    if len(data) > MAX_BYTES:
        return f"That is larger than {MAX_BYTES // 1_000_000} MB.", b""
    async with AT_ONCE:  # in a thread, so that the bot goes on listening
        result = await asyncio.to_thread(ocguard.protect, data)
    if result.error:
        return f"It was not protected: {result.error}", b""
    return "\n".join([f"Here it is, {result.status}.", *result.warnings]), result.data
