namespace EdgePrune.Contracts;

/// <summary>
/// Stable number of every error EdgePrune reports, printed as <c>EP</c> and four digits.
/// The thousands say who must act: 1 the caller, 2 the model's author, 3 whoever supplies the samples,
/// 4 whoever runs the network or the hub, 5 whoever signs bundles, 6 whoever keeps the device, 7 whoever measures.
/// </summary>
public enum ErrorCode
{
    /// <summary>A command or option does not make sense.</summary>
    InvalidOption = 1001,
    /// <summary>A file or folder that was named does not exist.</summary>
    FileNotFound = 1002,
    /// <summary>The output exists already and overwriting was not asked for.</summary>
    OutputExists = 1003,
    /// <summary>No kept measurement has that id, or several begin with it.</summary>
    UnknownRun = 1004,
    /// <summary>No target of that name is known.</summary>
    UnknownTarget = 1101,
    /// <summary>A target file breaks its schema.</summary>
    InvalidTarget = 1102,
    /// <summary>A budget cannot be read.</summary>
    InvalidBudget = 1103,
    /// <summary>A budget that nothing can meet, such as zero latency.</summary>
    ImpossibleBudget = 1104,
    /// <summary>A plan does not fit the model it is applied to.</summary>
    PlanMismatch = 1105,
    /// <summary>The disk is full or cannot be written.</summary>
    CannotWrite = 1106,
    /// <summary>This machine cannot train: libtorch is missing or cannot be loaded.</summary>
    TrainingUnavailable = 1107,
    /// <summary>The training process died or answered nonsense.</summary>
    TrainingFailed = 1108,
    /// <summary>A checkpoint of training is damaged or belongs to another run.</summary>
    InvalidCheckpoint = 1109,

    /// <summary>The file is not an ONNX model.</summary>
    NotOnnx = 2001,
    /// <summary>The ONNX file ends too early or is damaged.</summary>
    TruncatedModel = 2002,
    /// <summary>A file with external tensor data is missing or too short.</summary>
    MissingExternalData = 2003,
    /// <summary>The graph is inconsistent: a value without producer, a name used twice, a cycle.</summary>
    InvalidGraph = 2004,
    /// <summary>An operator or domain that ONNX Runtime cannot run.</summary>
    UnknownOperator = 2005,
    /// <summary>Shapes that contradict each other.</summary>
    ShapeMismatch = 2103,
    /// <summary>A removal was not proven equal to the masked original; nothing was written.</summary>
    RemovalNotProven = 2201,
    /// <summary>No channel of the model can be removed.</summary>
    NothingToPrune = 2202,
    /// <summary>The model is quantized already.</summary>
    AlreadyQuantized = 2302,

    /// <summary>Samples have another shape or type than the model's input.</summary>
    SampleShapeMismatch = 3001,
    /// <summary>There are more or fewer labels than samples, or a label is out of range.</summary>
    LabelMismatch = 3002,
    /// <summary>The data folder or file holds no sample.</summary>
    NoSamples = 3003,
    /// <summary>A sample file is damaged or of an unknown format.</summary>
    InvalidSampleFile = 3004,
    /// <summary>The user's evaluation command failed or printed no number.</summary>
    EvaluatorFailed = 3005,

    /// <summary>The hub does not answer.</summary>
    HubUnreachable = 4001,
    /// <summary>The hub refused the token or the credential.</summary>
    Unauthorized = 4002,
    /// <summary>The hub or the device said something that the protocol does not allow.</summary>
    ProtocolViolation = 4003,
    /// <summary>The device is not known to the hub.</summary>
    UnknownDevice = 4004,
    /// <summary>The device did not report in time.</summary>
    DeviceTimeout = 4005,

    /// <summary>The bundle is damaged: its bytes do not match what was signed.</summary>
    TamperedBundle = 5001,
    /// <summary>The bundle is not signed by a key that is trusted.</summary>
    UntrustedKey = 5002,
    /// <summary>The bundle's version is lower than, or the same as, one that was installed before.</summary>
    DowngradedBundle = 5003,
    /// <summary>The bundle's expiry has passed.</summary>
    ExpiredBundle = 5004,
    /// <summary>The bundle is not for this target.</summary>
    WrongTarget = 5005,
    /// <summary>The bundle cannot be read: wrong magic, length beyond its maximum, unknown format version.</summary>
    InvalidBundle = 5006,
    /// <summary>A key file is damaged or of the wrong kind.</summary>
    InvalidKey = 5007,

    /// <summary>The model failed its self-test on the device.</summary>
    SelfTestFailed = 6001,
    /// <summary>The device's disk is full.</summary>
    DeviceDiskFull = 6002,
    /// <summary>The device's state folder is damaged.</summary>
    DamagedState = 6003,
    /// <summary>The bundle failed here before and is quarantined.</summary>
    Quarantined = 6004,
    /// <summary>The agent cannot be installed on a board.</summary>
    InstallFailed = 6005,

    /// <summary>The measuring process died or answered nonsense.</summary>
    MeasurementFailed = 7001,
    /// <summary>The model cannot be loaded by ONNX Runtime.</summary>
    ModelRejected = 7002,
}
