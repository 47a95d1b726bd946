<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Banner</name>
    <message>
        <source>End</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End blind mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>◉ Blind mode: scores and earlier labels are hidden, the order is random.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Browsing</name>
    <message>
        <source>Blind mode: a filter by scores or labels would tell them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name for the filter &apos;{0}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>every image</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CalibrationView</name>
    <message>
        <source>Fitted to {0} labels in {1} groups by {2}; it changes no order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave all as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With fewer than nine groups the interval is the whole scale: label more people.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a logistic curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a straight line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps that never fall</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Loading…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CheatSheet</name>
    <message>
        <source>All keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Single keys act while faces have the focus, never while you type.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>Compare two faces</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurveMenu</name>
    <message>
        <source>A running mean (weight {0}) before the raw values, which stay. Not below 10 points.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raw values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as SVG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the numbers as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth a little</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth much</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothing, zoom and export of the curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write TensorBoard files…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <source>What this plot shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel or drag to look closer, double-click to see all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>epoch {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurveSaving</name>
    <message>
        <source>Cannot write {0}: {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for TensorBoard files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TensorBoard files lie in {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The curves are saved as {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture cannot be written there</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurvesView</name>
    <message>
        <source>How well the scores agree with the labels of other people: SRCC and KRCC by rank, PLCC by value; 1 is best. RMSE is how far they are from the labels, on the scale 0 to 1; 0 is best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PLCC loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>active model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>valid.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DepthList</name>
    <message>
        <source>A large teacher learns, labels faces without a label, and teaches a new student.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advised from {0} labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fits the scores of {0} to your scale and gives each an interval. The order stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives {0} a new last layer that follows your taste; what it sees stays the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Personalise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole network of {0} learns on from your labels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>could not be measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured when chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}  (recommended)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} on disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} on this machine</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Browse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image and label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The panels below tell scores and labels: they come back when blind mode ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training, models, problems</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExactValue</name>
    <message>
        <source>Exact MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst and best value of this library&apos;s scale (Preferences)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Everything in force that people said; can be imported elsewhere without loss.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not taken along: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FactsView</name>
    <message>
        <source>All images of one person or group are on one side, so nobody is judged on a face it learned.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chooses the best epoch on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Judged on, held out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learns from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>People unknown for {0} images: each stands for its own group.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So few groups are divided by quota: images may change sides as labels are added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>groups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>people</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} flagged reject or unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images of {1} {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} labelled images of {1} {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} no longer there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} unreadable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} without a label</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>&apos;{0}&apos; is no folder, table or model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label files ({0});;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model bundles (*.onnx)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of face images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The labels of {0} images are exported.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>2-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All faces ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter ({0}); Esc clears</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this filter and sort under a name ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learn from the labels ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loupe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lowest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of ratings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One face, large ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort again, and let go of what no longer matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spread of ratings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspicion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tile size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tile size (Ctrl + wheel)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two faces side by side ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>character {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} changed: sort again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>|MOS − score|</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↻ {0} changed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FilterBox</name>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter, e.g. mos:&lt;0.3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the filter may go on</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FolderTree</name>
    <message>
        <source>All folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ForeignDialog</name>
    <message>
        <source>&apos;{0}&apos; does not say how it wants its pictures. Look it up where the model comes from: a wrong value gives scores that look right and are not. All of it is written on the model&apos;s card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 to 255</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A deviation of 0 cannot divide.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A foreign model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deviation (red, green, blue)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its worst and its best value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean (red, green, blue)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output that is the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tensor of the features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model needs a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worst and the best value are the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as its makers state it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>found by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>green</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>red</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>worst</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message>
        <source>Counting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget 1 image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget {0} images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the backups too, which still hold them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored list {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trainings and models that used the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trainings and models that used them, and are left as they are:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>⚠ This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image matches these filters. Press Esc to clear them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of face images (Ctrl+O), or drop one here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GateView</name>
    <message>
        <source>Active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the former model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do its values follow the labels in a straight line? 1 is best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do you want it all the same?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does it rank the images as the labels do? 1 is best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far its values are from the labels, on the scale 0 to 1; 0 is best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its scores were kept; they are shown again at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the active one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this machine: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed on this machine: being measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The active model stays. The new one can still be used from here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new model is in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run has judged no labelled images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the new model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the worse model all the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} ms a picture on one core, {2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>Drag the two handles to show only scores in between. Double-click to show all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} not scored</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>undone</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Blind mode: the history is hidden.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an image: what was done to it is listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History of the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: nobody has labelled it yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} entries, the newest first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImageFacts</name>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ISO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>A value v becomes {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another label is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image named twice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image names in &apos;{0}&apos;, scores in &apos;{1}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import 1 label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import labels from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import {0} labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines that need a look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than one image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No such image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outside the scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is the matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {0} more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImportForm</name>
    <message>
        <source>(found automatically)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(recognised automatically)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 worst to 1 best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0 worst to 100 best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 worst to 5 best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image names in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JOD, each scene on its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rater</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where labels differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>add the file as one more rater</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>content (sha256)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file name without extension</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>keep the label that is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>named after the label set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>path, then name, then name without extension</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>take the one from the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the layout&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>worst</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>z-score</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} already means &apos;{1}&apos;, which would lose it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} moves between images and cannot mean something else.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Labelling</name>
    <message>
        <source>Choose an image first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one image: each has a score of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is the end of the scale.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That was the last image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is still loading: nothing was labelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The score is hidden, so it cannot be accepted: give your own opinion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has no score yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Loupe</name>
    <message>
        <source>Loupe</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library is still being written. Close again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} labels changed since the last training.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Map from raw score to quality, over {0} held-out labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>raw score</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsModel</name>
    <message>
        <source>Here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input, file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One picture on one core of this machine. Measured by More, Measure the speed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test SRCC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ in use</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsPanel</name>
    <message>
        <source>A bundle, and use it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A foreign ONNX file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Card of the chosen model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare its scores with those of the model in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete from the library…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Efficient-FIQA weights of the student…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Efficient-FIQA weights of the teacher…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the bundle…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure the speed here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image has a score of both. Use each once: scores stay with their model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model yet: add one, and the faces are scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores everything with it. Scores of the other models are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scores of each model stay with it: changing back costs nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model came without a card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained here: [show the run](run:{0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images have scores of both. A click on a point shows its image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{1} of {0} images that have scores of both: those that differ most, and others at random.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsWiring</name>
    <message>
        <source>A foreign model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete &apos;{0}&apos; from the library?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Efficient-FIQA weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its file is deleted and cannot be brought back from here. Its scores and its run stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model bundles (*.onnx)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ONNX files (*.onnx)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch weights (*.pt *.pth *.safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bundle is exported as {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is being read; this takes a minute.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MovedModel</name>
    <message>
        <source>Active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearer to the MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the active score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the new score</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MovedView</name>
    <message>
        <source>Double-click or Enter shows the image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images whose score changes most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no former scores to compare with.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>It replaces the note of each of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note on {0} images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the next curator should know. An empty note is taken away.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Opinions</name>
    <message>
        <source>Note…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ratings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blind</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>keys rate this one</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PoolChooser</name>
    <message>
        <source>Choose folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pool A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pool B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split all images without a label by person into two halves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images without a label; those of held-out people are not among them.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Another language comes at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next image after a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers of this library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what is shown changes: labels and scores are kept from 0 to 1 inside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages of the preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} (worst) to {1} (best)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Presenter</name>
    <message>
        <source>Label next.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspect labels, hidden for a blind look.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no images in that folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was nothing to change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} Esc shows all again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} folders could not be read: {1} ({2})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images found</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemsModel</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why it could not be read</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemsPanel</name>
    <message>
        <source>Every file could be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} files or folders could not be read. They get no score and are left out of training.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressHead</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps of this stage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stops the training; it can be resumed from its last whole epoch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take from the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What moves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the curves are drawn along</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the curves are drawn along. Time is that of the clock: a pause counts, the time between a stop and the resumption does not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RaterDialog</name>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who labels?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name is stored with each label you give, in the library on this machine only.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RatingPanel</name>
    <message>
        <source>90 %: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key is one opinion among several; the MOS is their mean.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key sets the MOS outright.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Applies to {0} selected images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next image after a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key {0}: MOS {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key {0}: take my label away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS (people)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject with a reason ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score (calibrated)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score (model)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a note ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no label yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>raw {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: take the model&apos;s score of this image as its MOS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>±{0}, {1} ratings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReasonMenu</name>
    <message>
        <source>Reject this image because …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject {0} images because …</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Forget this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other library yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}  (not there)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipeEditor</name>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe to start from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipes (*.toml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save recipe…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe cannot be saved: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message>
        <source>Acts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All labels go back to that moment; image files and models stay. The present state is backed up first, so that this can be taken back here too. Other windows on this library follow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no backup yet. The program makes one a day.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before an update</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>daily</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RetrainDialog</name>
    <message>
        <source>A training runs: this one begins when it has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose at least one folder for pool A or B.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For another machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How deep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images by path…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be started: see the reasons above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retrain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The recipe cannot be used: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the images…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunPages</name>
    <message>
        <source>Label some faces, then retrain: the model learns from your labels and its curves appear here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunsModel</name>
    <message>
        <source>{0}, {1}/{2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunsView</name>
    <message>
        <source>Ctrl+click (or Ctrl+Space) draws further runs beside the chosen one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on from the last whole epoch of the chosen run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No training yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training runs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Safekeeping</name>
    <message>
        <source>{what}. The state from before is the newest backup.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Safety</name>
    <message>
        <source>1 image is forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an image first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files themselves are where they were.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images are forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScatterView</name>
    <message>
        <source>Predicted quality against MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score/MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}
MOS {1}, score {2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Views</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SlicesView</name>
    <message>
        <source>Agreement by slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No numbers below {0} images. Slices have no intervals: a small change may be chance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RMSE new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SRCC new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The held-out images do not differ in size, provenance or folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, drops</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who labels. Click to change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scoring paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scoring {0}/{1} · {2} img/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} selected · {1} of {2} shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>⚠ Problems: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ saved {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Do what the message says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <source>Paused: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows first what will be trained on and how long it takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of this run is gone: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The labels are being counted…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The training failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best epoch {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrainingWiring</name>
    <message>
        <source>A training runs already. Wait for its end, or cancel it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder or zip (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It begins when the training that runs has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pack for another machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packed: {0}. Run it there with &apos;fiqa run FOLDER&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs (job.json *.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take a result back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The active model stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training: {0}, epoch {1}, {2} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}, {1} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TroubleView</name>
    <message>
        <source>Copy report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last lines of the log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ValueHistogram</name>
    <message>
        <source>, {0} outside the scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} values from {1} to {2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ViewList</name>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disagreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rated by me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlabelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>every image</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>100 % or fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1½</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2½</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3½</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4½</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>5 is the top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A little better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A little worse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A trace better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A trace worse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About FIQA Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back, or clear filters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blind mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change rater…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear my label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare one above the other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare two</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export labels…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget images…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget person…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History of the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import labels…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loupe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next unlabelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the framed face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open library…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous unlabelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject with a reason…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rescan folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a backup…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retrain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this view…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show calibrated scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest retraining after 200 new labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspect labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take a result back…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The score is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the next part of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom and move both together</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>below</name>
    <message>
        <source>&apos;{0}&apos; does not belong to a model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a text and cannot be compared by &apos;{1}&apos;. Use &apos;:&apos; to find texts that contain a word, &apos;:=&apos; for the whole text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no date. Write 2026, 2026-11 or 2026-11-25.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no file size. Write for example 200kB or &gt;2MB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no number. Write 0.5 or &lt;0.3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no number. Write {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;{0}&apos; needs a value. Write for example {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A range cannot follow &apos;{0}&apos;. Write for example 0.2..0.4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV or TSV table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FIQA Desktop export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for suspect labels needs {0} labels outside the test split; there are {1}. Label more faces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS {0} on {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS {0} to {1} on {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image without a label has been scored yet. Wait until they are scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is in use. Choose one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is in use: choose one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parquet table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retraining needs {0} and {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retraining needs {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something must follow {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something must stand before {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library has no model &apos;{0}&apos;. It has {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model in use came without its weights (.safetensors), so no training can start from it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model in use learned from these labels, so they cannot tell how sure it is: {0} others are there, {1} are needed. A personalised model brings its own calibration.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quotation mark is not closed. Add a &quot; at the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The range ends before it begins. Write {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no images without a label for a teacher to label: open a folder of further faces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no &apos;is:{0}&apos;. Did you mean &apos;{1}&apos;?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no &apos;is:{0}&apos;. Use one of {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no field &apos;{0}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no field &apos;{0}&apos;. Did you mean &apos;{1}&apos;?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This bracket is not closed. Add a &apos;)&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This bracket was never opened. Remove it, or add a &apos;(&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This installation cannot train ({0} missing): install &apos;fiqa-desktop[train]&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at least {0} groups each in {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>calibrator {0} in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>count, ratings, flags, notes and provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>distance of MOS and score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>each rater&apos;s ratings (the mean, spread and count stay) and labels that are not in force</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>each rater&apos;s ratings, notes and labels that are not in force</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>everything that people said: only pseudo-labels are written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>face hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flag &apos;{0}&apos; ({1}) on {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flag &apos;{0}&apos; on {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flag taken from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forgot {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>group &apos;{0}&apos; on {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has a MOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has a flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has a score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has at least one rating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has no MOS and could be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>how many ratings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>human</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>human, imported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>images without ratings, corrections, imported labels, flags, notes, splits, and how and when was rated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>imported {0} from {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>imported:{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be decoded ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no image, or of an unknown kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no regular file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its MOS is far from the score (robust z above 3); never a test image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its MOS was corrected or rated by a person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its file is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its floating-point pixels are not in [0, 1], so white is unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its folder is gone (a file stands in its place)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its pixels are 32-bit integers, so white is unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>label cleared on {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labelled by me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labels on at least {0} different people or source images (there are {1})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean opinion score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {0} deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model {0} in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moved files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no consent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>note on {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>note taken from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing to import from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of the file: 200kB, 2MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>path of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>person or cluster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pick, unsure, reject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pseudo-labels are kept beside the MOS and never become one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pseudo:{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quality factor, 0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rated {0} on {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ratings, split, flags, notes and provenance; an image from elsewhere has no scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>raw scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>redo: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>restored {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>robust z-score of MOS - score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several faces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>split &apos;{0}&apos; on {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>spread, count, ratings, flags, notes and provenance; in a single file the split too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>spread, count, ratings, split, flags, notes and provenance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text of the note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file has {0} bytes, more than {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is truncated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the least like those with a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is not enough memory to decode it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train, val, cal or test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>undo: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unusable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weak:{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what the model in use says; score@NAME: another model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what this model says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>when it was last labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>when the file was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>where it and {0} disagree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>where your labels do not yet decide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>who labelled it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>who said what when comes along</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>who said what, flags, notes and provenance; in the scores file the split too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>why it could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>why it is flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>width of the MOS&apos;s 95 % interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>width x height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} ({1} left alone: changed since)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} more labelled images (there are {1})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} images without a label: {2}, of all kinds; {3} drawn at random.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} labels, the most suspect first, judged by {2} without having seen them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} x {1} pixels are more than the limit of {2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} x {1} pixels are too narrow for a face image</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>dialogs</name>
    <message>
        <source>&lt;p&gt;Apache-2.0. Faces stay on this machine: nothing is sent anywhere.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;p&gt;Judge, curate and relabel face images by perceptual quality.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About FIQA Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>faults</name>
    <message>
        <source>A fault of the program ({0}). Your labels are safe. The details are in {1}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>keymap</name>
    <message>
        <source>moving between images</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>program</name>
    <message>
        <source>Open or make a library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>reasons</name>
    <message>
        <source>Another reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Face hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No consent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not a face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several faces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unusable</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>tiles</name>
    <message>
        <source>Calibrated; 90 % of labels lie between {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It no longer matches the filter: it goes with the next refresh.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MOS {0} ({1})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score {0} {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>training</name>
    <message>
        <source>Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrated scores are {0} from the labels of held-out images (RMSE), raw ones {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fine-tune the active model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Judged on {0}. Labels: {1}. Below each number: its 95 % interval.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No real difference: SRCC {0} on {1}, which chance may explain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only {0} images: with others the numbers could be quite different.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Personalise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick, from scratch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new model is better: SRCC {0} on {1}, more than chance explains.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new model is worse: SRCC {0} on {1}, more than chance explains.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The paper, in full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no test split: these images helped to choose the epoch, so the numbers flatter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was no active model to compare with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tiny, a trial run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too few to tell which model is better: {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trial run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>epoch {0}/{1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first pseudo-labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fitting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>human</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>imported from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>judging on held-out images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looking at the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of unknown origin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on another machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>preparing the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pseudo-labels of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>second pseudo-labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>student</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>teacher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>teacher, second round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waits for its turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weak labels by {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>writing the model file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} % of {1} held-out labels lie in their {2} % interval, which is {3} wide on average.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} could not be scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} held-out images in {1} groups (people unknown)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} held-out images of {1} people</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} img/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Bad</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Excellent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Poor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
