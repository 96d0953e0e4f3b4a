using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>Where the channels of a three-dimensional sample stand.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SampleLayout>))]
public enum SampleLayout
{
    /// <summary>Channels, height, width: what most ONNX models take.</summary>
    [JsonStringEnumMemberName("channelsFirst")]
    ChannelsFirst,
    /// <summary>Height, width, channels: how image files are stored.</summary>
    [JsonStringEnumMemberName("channelsLast")]
    ChannelsLast,
}
