using Microsoft.Playwright;

namespace Tidal.BrowserTests;

/// <summary>Somebody without a mouse.</summary>
internal static class Keyboard
{
    private const int StepsMost = 150;

    /// <summary>Goes on with the tab key until something has the focus.</summary>
    public static async Task TabToAsync(this IPage page, ILocator wanted)
    {
        for (var step = 0; step < StepsMost; step++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        throw new TimeoutException($"{StepsMost} presses of the tab key do not lead to {wanted}.");
    }
}
